"""An independent collector takes all three signals from the services and passes them on."""

import pytest

from otlp_receiver import OTLPReceiver
from raw_http import request
from rotel_collector import Collector

ORDER_SPANS = {
    ("order-service", "SERVER", "POST /order-product"),
    ("order-service", "INTERNAL", "order_product_endpoint"),
    ("order-service", "CLIENT", "INSERT orders"),
    ("order-service", "CLIENT", "POST"),
    ("order-service", "CLIENT", "UPDATE orders"),
    ("inventory-service", "SERVER", "POST /reduce-stock"),
    ("inventory-service", "INTERNAL", "reduce_stock_endpoint"),
    ("inventory-service", "CLIENT", "UPDATE products"),
}


@pytest.fixture
def behind():
    """What rotel sends to. Its own user agent is its own affair."""
    receiver = OTLPReceiver(any_agent=True)
    yield receiver
    receiver.close()
    receiver.assert_clean()


@pytest.fixture
def collector(behind, tmp_path):
    collector = Collector(behind.endpoint, tmp_path)
    yield collector
    collector.kill()


def place_orders(stack, count: int):
    for number in range(count):
        answer = request(stack.order.port, "POST",
                         f"/order-product?username=user-{number}&product_id=4")
        assert answer.status == 200


def traces_of_orders(receiver) -> list[list]:
    spans = receiver.spans()
    ids = {span.trace_id for span in spans if span.name == "POST /order-product"}
    return [[span for span in spans if span.trace_id == trace_id] for trace_id in ids]


@pytest.mark.parametrize("encoding", ["http/protobuf", "http/json"])
@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_direct(start_stack, behind, collector, compression, encoding):
    settings = behind.settings() | {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
                                    "OTEL_EXPORTER_OTLP_PROTOCOL": encoding,
                                    "OTEL_EXPORTER_OTLP_COMPRESSION": compression}
    stack = start_stack(settings)
    place_orders(stack, 3)
    stack.stop()

    # The reconciler looks for orders left over, in traces of its own.
    behind.wait_for("8 spans of each of 3 orders", lambda r: [
        len(spans) for spans in traces_of_orders(r)] == [8, 8, 8])
    for spans in traces_of_orders(behind):
        assert {(span.service, span.kind, span.name) for span in spans} == ORDER_SPANS
        ids = {span.span_id for span in spans}
        assert sorted(span.parent_id in ids for span in spans) == [False] + [True] * 7

    lines = [line for service in stack.services for line in service.log_records()
             if "trace_id" in line]
    said = {(line["trace_id"], line["span_id"], line["message"]) for line in lines}
    behind.wait_for("all log records", lambda r: said <= {
        (entry.trace_id, entry.span_id, entry.message) for entry in r.logs()})

    for service, count in (("order-service", 3), ("inventory-service", 3)):
        # rotel accepts metrics in JSON and loses the points of histograms, also when the official
        # definitions wrote them: there only the metric itself can be seen behind it.
        behind.wait_for(f"metrics of {service}", lambda r, service=service, count=count: (
            (entry := r.latest_metric(service, "http.server.request.duration"))
            and (encoding == "http/json"
                 or sum(point.count for _, point in entry.points) == count)))
    assert stack.order.err.lines == [] and stack.inventory.err.lines == []


def canonical(receiver, items: str) -> list[bytes]:
    entries = {"spans": [entry.span for entry in receiver.spans()],
               "logs": [entry.record for entry in receiver.logs()],
               "metrics": [entry.metric for entry in receiver.metrics()]}[items]
    return sorted(entry.SerializeToString(deterministic=True) for entry in entries)


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_nothing_is_altered_on_the_way(start_stack, behind, collector, receiver, compression):
    """The very requests of the services, decided by the collector; what leaves it is the same."""
    receiver.forward_to = collector.endpoint
    stack = start_stack(receiver.settings() | {"OTEL_EXPORTER_OTLP_COMPRESSION": compression})
    place_orders(stack, 5)
    stack.stop()
    assert receiver.violations == [], "the collector accepted every request"
    encodings = {export.headers.get("content-encoding") for export in receiver.exports}
    assert encodings == {"gzip" if compression == "gzip" else None}

    for items in ("spans", "logs", "metrics"):
        sent = canonical(receiver, items)
        assert sent
        behind.wait_for(f"{len(sent)} {items}", lambda r: len(canonical(r, items)) >= len(sent))
        assert canonical(behind, items) == sent
    for signal in ("/v1/traces", "/v1/logs", "/v1/metrics"):
        resources = [sorted(
            part.resource.SerializeToString(deterministic=True)
            for message in side.messages(signal) for part in message.ListFields()[0][1])
            for side in (receiver, behind)]
        assert set(resources[0]) == set(resources[1])
