"""Traces: one order followed from the client's socket through both services and databases."""

import re
import uuid

import pytest

from raw_http import Connection, request
from stand_ins import ScriptedInventory, refusing_port
from telemetry_scenario import (BROKEN_PARENTS, REMOTE_SPAN, REMOTE_TRACE, TRACE_STATE,
                                UNSAMPLED_TRACE)

SAMPLED, RANDOM, HAS_IS_REMOTE, IS_REMOTE = 0x01, 0x02, 0x100, 0x200

# (service, kind, name) of every span of an order, below its parent.
ORDER_TREE = {
    ("order-service", "SERVER", "POST /order-product"): {
        ("order-service", "INTERNAL", "order_product_endpoint"): {
            ("order-service", "CLIENT", "INSERT orders"): {},
            ("order-service", "CLIENT", "POST"): {
                ("inventory-service", "SERVER", "POST /reduce-stock"): {
                    ("inventory-service", "INTERNAL", "reduce_stock_endpoint"): {
                        ("inventory-service", "CLIENT", "UPDATE products"): {},
                    },
                },
            },
            ("order-service", "CLIENT", "UPDATE orders"): {},
        },
    },
}


def key_of(span):
    return (span.service, span.kind, span.name)


def tree_below(spans, parent_id: str) -> dict:
    children = [span for span in spans if span.parent_id == parent_id]
    keys = [key_of(span) for span in children]
    assert len(set(keys)) == len(keys), keys
    return {key_of(span): tree_below(spans, span.span_id) for span in children}


@pytest.fixture(scope="module")
def order_spans(recording):
    return {key_of(span)[0:1] + key_of(span)[2:]: span for span in recording.trace_of("order")}


def test_the_tree_of_an_order(recording):
    spans = recording.trace_of("order")
    assert tree_below(spans, "") == ORDER_TREE
    assert len(spans) == 8
    assert len({span.trace_id for span in spans}) == 1
    for span in spans:
        assert len(span.span.trace_id) == 16 and any(span.span.trace_id)
        assert len(span.span.span_id) == 8 and any(span.span.span_id)
    assert len({span.span_id for span in spans}) == 8


def test_server_span(recording, order_spans):
    exchange = recording.exchanges["order"]
    span = order_spans["order-service", "POST /order-product"]
    assert span.attributes == {
        "http.request.method": "POST",
        "url.path": "/order-product",
        "url.scheme": "http",
        "url.query": "username=ann&product_id=2",
        "http.route": "/order-product",
        "http.response.status_code": 200,
        "server.address": "127.0.0.1",
        "server.port": exchange.port,
        "client.address": "127.0.0.1",
        "network.peer.address": "127.0.0.1",
        "network.peer.port": exchange.local_port,
        "network.protocol.version": "1.1",
        "user_agent.original": exchange.agent,
    }
    assert span.events == []


def test_endpoint_span(order_spans):
    span = order_spans["order-service", "order_product_endpoint"]
    assert span.attributes == {"username": "ann", "product_id": 2}
    placed = [attributes for name, attributes in span.events if name == "Order placed successfully"]
    assert placed == [{"product_id": 2, "username": "ann"}]
    inner = span.span
    for event in inner.events:
        assert inner.start_time_unix_nano <= event.time_unix_nano <= inner.end_time_unix_nano


@pytest.mark.parametrize("service, name, text, namespace", [
    ("order-service", "INSERT orders", r"INSERT INTO \W?orders\b", "orders"),
    ("order-service", "UPDATE orders", r"UPDATE \W?orders\b", "orders"),
    ("inventory-service", "UPDATE products", r"UPDATE \W?products\b", "inventory"),
])
def test_database_spans(order_spans, service, name, text, namespace):
    attributes = dict(order_spans[service, name].attributes)
    operation, collection = name.split(" ")
    assert re.search(text, attributes["db.query.text"], re.IGNORECASE)
    assert "ann" not in attributes.pop("db.query.text"), "values stay out of the statement"
    assert namespace in attributes.pop("db.namespace")
    assert attributes == {
        "db.system.name": "sqlite",
        "db.collection.name": collection,
        "db.operation.name": operation,
        "db.query.summary": name,
    }


def test_client_span(order_spans):
    server = order_spans["inventory-service", "POST /reduce-stock"]
    port = server.attributes["server.port"]
    assert order_spans["order-service", "POST"].attributes == {
        "http.request.method": "POST",
        "server.address": "127.0.0.1",
        "server.port": port,
        "url.full": f"http://127.0.0.1:{port}/reduce-stock?product_id=2",
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
        "network.peer.address": "127.0.0.1",
        "network.peer.port": port,
    }


def test_inventory_spans(order_spans):
    server = order_spans["inventory-service", "POST /reduce-stock"].attributes
    assert server.items() >= {
        "http.request.method": "POST", "http.route": "/reduce-stock", "url.path": "/reduce-stock",
        "url.query": "product_id=2", "url.scheme": "http", "http.response.status_code": 200,
        "server.address": "127.0.0.1", "client.address": "127.0.0.1",
        "network.peer.address": "127.0.0.1", "network.protocol.version": "1.1"}.items()
    endpoint = order_spans["inventory-service", "reduce_stock_endpoint"]
    assert endpoint.attributes == {"product_id": 2}
    names = [name for name, _ in endpoint.events]
    assert any(name.startswith("Stock successfully reduced") for name in names), names


def test_times_are_nested(recording):
    for label in ("order", "continued"):
        spans = {span.span_id: span for span in recording.trace_of(label)}
        for span in spans.values():
            inner = span.span
            assert inner.start_time_unix_nano <= inner.end_time_unix_nano
            if (parent := spans.get(span.parent_id)) is None:
                continue
            # Two processes tell the time apart; one does not.
            slack = 0 if parent.service == span.service else 5_000_000
            assert parent.span.start_time_unix_nano - slack <= inner.start_time_unix_nano, span
            assert inner.end_time_unix_nano <= parent.span.end_time_unix_nano + slack, span


def test_flags_scope_and_limits(recording):
    for label in ("order", "continued"):
        for span in recording.trace_of(label):
            remote = span.kind == "SERVER" and span.parent_id != ""
            assert span.span.flags & SAMPLED
            assert span.span.flags & HAS_IS_REMOTE
            assert bool(span.span.flags & IS_REMOTE) == remote, span
            assert span.span.flags & ~(SAMPLED | RANDOM | HAS_IS_REMOTE | IS_REMOTE) == 0
            assert span.scope.name and span.scope.version
            assert span.status == "UNSET" and span.span.status.message == ""
            assert span.span.dropped_attributes_count == 0
            assert span.span.dropped_events_count == span.span.dropped_links_count == 0
            assert list(span.span.links) == []
    assert len({span.span.flags & 0xFF for span in recording.trace_of("order")}) == 1
    assert {span.span.flags & 0xFF for span in recording.trace_of("continued")} == {SAMPLED}


def test_resource(recording):
    for service in ("order-service", "inventory-service"):
        resources = [entry.resource for entry in recording.receiver.spans(service)
                     + recording.receiver.logs(service) + recording.receiver.metrics(service)]
        resource = resources[0]
        assert all(other == resource for other in resources), "one resource for all signals"
        assert resource.items() >= {
            "service.name": service, "deployment.environment.name": "dev", "team": "shop one",
            "service.namespace": "ostack", "telemetry.sdk.language": "swift", "os.type": "linux",
            "process.pid": recording.pids[service],
            "process.executable.name": service}.items()
        for name in ("service.version", "telemetry.sdk.name", "telemetry.sdk.version", "host.name"):
            assert isinstance(resource[name], str) and resource[name], name
        assert resource["telemetry.sdk.name"] != "opentelemetry", "that name is the official SDKs'"
        assert uuid.UUID(resource["service.instance.id"]).version in (4, 5)


def test_incoming_trace_is_continued(recording):
    server = recording.server_span("continued")
    assert (server.trace_id, server.parent_id) == (REMOTE_TRACE, REMOTE_SPAN)
    spans = recording.trace(REMOTE_TRACE)
    assert tree_below(spans, REMOTE_SPAN) == ORDER_TREE
    assert {span.span.trace_state for span in spans} == {TRACE_STATE}


def test_unsampled_trace_is_not_exported(recording):
    assert recording.exchanges["unsampled"].response.status == 200
    assert recording.trace(UNSAMPLED_TRACE) == []


@pytest.mark.parametrize("number", range(len(BROKEN_PARENTS)))
def test_broken_traceparent_starts_a_new_trace(recording, number):
    span = recording.server_span(f"broken {number}")
    assert span.trace_id != REMOTE_TRACE
    assert span.parent_id == "" and span.span.trace_state == ""


@pytest.mark.parametrize("flags", ["01", "00", "03"])
def test_context_is_passed_on(start_service, receiver, flags):
    with ScriptedInventory(lambda *_: (200, [])) as inventory:
        service = start_service("order-service", INVENTORY_SERVICE_URL=inventory.url,
                                **receiver.settings())
        with Connection(service.port) as connection:
            connection.request(
                "GET", "/list-products",
                f"traceparent: 00-{REMOTE_TRACE}-{REMOTE_SPAN}-{flags}\r\n"
                f"tracestate: a=1\r\ntracestate: {TRACE_STATE}\r\n")
        assert service.stop() == 0
        [(_, _, headers)] = inventory.requests
    version, trace_id, span_id, sent_flags = headers["traceparent"].split("-")
    assert (version, trace_id, sent_flags) == ("00", REMOTE_TRACE, flags)
    assert headers["tracestate"].replace(" ", "") == f"a=1,{TRACE_STATE}"
    clients = [span.span_id for span in receiver.spans()
               if (span.kind, span.name) == ("CLIENT", "GET")]
    assert clients == ([] if flags == "00" else [span_id])


def test_baggage_is_passed_on(start_service, receiver):
    with ScriptedInventory(lambda *_: (200, [])) as inventory:
        service = start_service("order-service", INVENTORY_SERVICE_URL=inventory.url,
                                **receiver.settings())
        with Connection(service.port) as connection:
            connection.request("GET", "/list-products", "baggage: user=ann%20b,k=v;p\r\n")
        [(_, _, headers)] = inventory.requests
    assert "baggage" in headers
    assert sorted(headers["baggage"].replace(" ", "").split(",")) == ["k=v;p", "user=ann%20b"]


def test_failed_order_marks_its_spans(start_service, receiver):
    with refusing_port() as port:
        service = start_service("order-service", INVENTORY_SERVICE_URL=f"http://127.0.0.1:{port}",
                                **receiver.settings())
        answer = request(service.port, "POST", "/order-product?username=ann&product_id=2")
        assert answer.status == 503
        assert service.stop() == 0
    spans = receiver.spans()
    [server] = [span for span in spans if span.kind == "SERVER"]
    assert server.attributes["http.response.status_code"] == 503
    assert (server.status, server.attributes["error.type"]) == ("ERROR", "503")
    calls = [span for span in spans if (span.kind, span.name) == ("CLIENT", "POST")]
    assert calls
    for call in calls:
        assert call.status == "ERROR" and call.attributes["error.type"]
        assert "http.response.status_code" not in call.attributes
        assert call.attributes["server.port"] == port
