"""Spans of every kind of request: names, routes, statuses, endpoint attributes, no span lost."""

from collections import Counter

import pytest

# label: (SERVER span name, http.route, INTERNAL span below it)
SPANS = {
    "order": ("POST /order-product", "/order-product", "order_product_endpoint"),
    "listed orders": ("GET /list-orders", "/list-orders", "list_orders_endpoint"),
    "listed products": ("GET /list-products", "/list-products", "list_products_endpoint"),
    "health": ("GET /health", "/health", "health_endpoint"),
    "head": ("HEAD /health", "/health", "health_endpoint"),
    "unknown product": ("POST /order-product", "/order-product", "order_product_endpoint"),
    "not found": ("GET", None, None),
    "restock": ("POST /restock", "/restock", "restock_endpoint"),
    "many 0": ("GET /list-products", "/list-products", "list_products_endpoint"),
}


def endpoint_below(recording, label):
    server = recording.server_span(label)
    found = [span for span in recording.trace(server.trace_id)
             if span.parent_id == server.span_id and span.kind == "INTERNAL"]
    assert len(found) <= 1, found
    return found[0] if found else None


@pytest.mark.parametrize("label", SPANS)
def test_names_and_routes(recording, label):
    name, route, endpoint = SPANS[label]
    exchange, server = recording.exchanges[label], recording.server_span(label)
    assert server.service == exchange.service
    assert server.name == name
    assert server.attributes.get("http.route") == route
    assert server.attributes["url.path"] == exchange.path
    below = endpoint_below(recording, label)
    assert (below and below.name) == endpoint


def test_every_request_has_its_span(recording):
    for label, exchange in recording.exchanges.items():
        if label == "unsampled":
            continue
        attributes = recording.server_span(label).attributes
        assert attributes["http.response.status_code"] == exchange.response.status, label
        assert attributes["network.peer.port"] == exchange.local_port
        assert attributes["url.path"] == exchange.path
        assert attributes.get("url.query") == (exchange.target.split("?") + [None])[1] \
            or label == "secret"
    for service, others in (("order-service", 0), ("inventory-service", 4)):
        servers = [span for span in recording.spans
                   if (span.service, span.kind) == (service, "SERVER")]
        sampled = [exchange for label, exchange in recording.exchanges.items()
                   if exchange.service == service and label != "unsampled"]
        assert len(servers) == len(sampled) + others


def test_no_span_arrives_twice_or_without_its_parent(recording):
    ids = Counter((span.trace_id, span.span_id) for span in recording.spans)
    assert set(ids.values()) == {1}
    outside = {span.parent_id for span in recording.spans
               if span.parent_id and (span.trace_id, span.parent_id) not in ids}
    assert outside == {"b7ad6b7169203331"}, "only the client's own span is not ours"


def test_endpoint_attributes_and_events(recording):
    orders = endpoint_below(recording, "listed orders")
    assert orders.attributes == {"orders_count": 3}
    assert "Orders fetched from database" in [name for name, _ in orders.events]
    for label in ("listed products", "many 0"):
        assert endpoint_below(recording, label).attributes == {"products_count": 5}
    restock = endpoint_below(recording, "restock").attributes
    assert restock == {"product_id": 5, "quantity": 7}


def test_reading_is_traced_down_to_the_statement(recording):
    for label, service, table in (("listed orders", "order-service", "orders"),
                                  ("listed products", "inventory-service", "products")):
        spans = [span for span in recording.trace_of(label)
                 if span.kind == "CLIENT" and "db.system.name" in span.attributes]
        assert {(span.service, span.name) for span in spans} == {(service, f"SELECT {table}")}
        [endpoint] = [span for span in recording.trace_of(label)
                      if span.span_id in {statement.parent_id for statement in spans}]
        assert endpoint.kind == "INTERNAL" and endpoint.service == service


def test_a_client_error_is_no_error_of_the_server(recording):
    for label in ("unknown product", "invalid", "not found", "not allowed"):
        span = recording.server_span(label)
        assert 400 <= span.attributes["http.response.status_code"] < 500
        assert span.status == "UNSET" and "error.type" not in span.attributes, label


def test_a_refusal_is_an_error_of_the_client_span(recording):
    spans = recording.trace_of("unknown product")
    [call] = [span for span in spans if (span.kind, span.name) == ("CLIENT", "POST")]
    assert call.status == "ERROR"
    assert call.attributes["http.response.status_code"] == 400
    assert call.attributes["error.type"] == "400"
    [server] = [span for span in spans if key(span) == ("inventory-service", "SERVER")]
    assert server.parent_id == call.span_id and server.status == "UNSET"


def key(span):
    return (span.service, span.kind)


def test_a_method_nobody_knows(recording):
    span = recording.server_span("strange method")
    assert span.attributes["http.request.method"] == "_OTHER"
    assert span.attributes["http.request.method_original"] == "FOO"
    assert span.name.split(" ")[0] == "HTTP"


@pytest.mark.parametrize("label", ["not allowed", "strange method", "redirect", "not found"])
def test_a_name_never_has_the_raw_path(recording, label):
    span = recording.server_span(label)
    route = span.attributes.get("http.route")
    assert span.name.split(" ")[1:] == ([route] if route else [])
    assert route in (None, "/health")


def test_secrets_in_the_query_are_redacted(recording):
    assert recording.server_span("secret").attributes["url.query"] == "sig=REDACTED&x=1"
    for export in recording.receiver.exports:
        assert b"topsecret" not in export.encoded
    for service in recording.stack.services:
        assert "topsecret" not in "\n".join(service.out.lines)
