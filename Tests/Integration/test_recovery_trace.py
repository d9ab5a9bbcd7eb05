"""The trace of an order that was interrupted, and settled later, tells what happened."""

import signal
import threading

import pytest

from raw_http import ConnectionClosed, request
from stand_ins import SilentServer

TRACE = "5af7651916cd43dd8448eb211c80319c"
PARENT = "c7ad6b7169203331"


def test_a_settlement_links_to_the_request(start_service, receiver, tmp_path):
    """The order service dies while it waits for the inventory; its next start settles the order."""
    answers = []

    def ask(port):
        try:
            answers.append(request(port, "POST", "/order-product?username=ann&product_id=2",
                                   f"traceparent: 00-{TRACE}-{PARENT}-01\r\n"))
        except (ConnectionClosed, OSError):
            answers.append(None)

    settings = receiver.settings() | {"INVENTORY_TIMEOUT": 20_000}
    with SilentServer() as silent:
        first = start_service("order-service", INVENTORY_SERVICE_URL=silent.url, **settings)
        client = threading.Thread(target=ask, args=(first.port,))
        client.start()
        insert = receiver.wait_for("the span of the stored order", lambda r: next(
            (span for span in r.spans("order-service") if span.name == "INSERT orders"), None))
        assert silent.received.wait(10)
        assert first.stop(signal.SIGKILL) == -signal.SIGKILL
        client.join(20)
    assert answers == [None]
    assert insert.trace_id == TRACE

    inventory = start_service("inventory-service", **receiver.settings())
    second = start_service("order-service", INVENTORY_SERVICE_URL=inventory.url, **settings)
    settle = receiver.wait_for("the span of the settlement", lambda r: next(
        (span for span in r.spans("order-service") if span.name == "settle_order"), None))
    for service in (second, inventory):
        assert service.stop() == 0

    [link] = settle.span.links
    assert (link.trace_id.hex(), link.span_id.hex()) == (TRACE, insert.parent_id)
    assert settle.parent_id == "" and settle.trace_id != TRACE
    assert settle.attributes == {"order_id": 1, "product_id": 2, "order_state": "confirmed"}
    children = [span for span in receiver.spans() if span.trace_id == settle.trace_id
                and span.parent_id == settle.span_id]
    assert sorted((span.kind, span.name) for span in children) == [
        ("CLIENT", "POST"), ("CLIENT", "UPDATE orders"), ("CLIENT", "UPDATE orders")]
    assert [span.name for span in receiver.spans("inventory-service")
            if span.trace_id == settle.trace_id and span.kind == "SERVER"] == ["POST /reduce-stock"]


@pytest.mark.parametrize("age, expected", [(1000, 1), (60_000, 0)])
def test_orders_that_wait_for_too_long_are_seen(start_service, receiver, age, expected):
    with SilentServer() as silent:
        service = start_service(
            "order-service", INVENTORY_SERVICE_URL=silent.url, INVENTORY_TIMEOUT=100,
            PENDING_ORDER_AGE_MAX=age, **receiver.settings(), OTEL_METRIC_EXPORT_INTERVAL=200)
        assert request(service.port, "POST",
                       "/order-product?username=ann&product_id=2").status == 503

        def pending(r, name: str):
            metric = r.latest_metric("order-service", name)
            return metric is not None and metric.points and metric.points[0][1].as_int

        receiver.wait_for("orders.pending", lambda r: pending(r, "orders.pending") == 1)
        if expected:
            receiver.wait_for(
                "orders.pending.stale", lambda r: pending(r, "orders.pending.stale") == 1)
        else:
            assert pending(receiver, "orders.pending.stale") == 0
        detail = request(service.port, "GET", "/health/ready").json()["pending_orders"]
        assert detail == ("1 without an answer for 1 s" if expected else "ok")
        assert service.stop() == 0
