"""Every row of the reference's observable behaviour, kept or deliberately better."""

import email.utils
import re
import time

import pytest

import reference_rows
from otlp_receiver import OTLPReceiver
from raw_http import Connection, compose, request

IMF_FIXDATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d:\d\d GMT")


@pytest.fixture(scope="module")
def telemetry():
    receiver = OTLPReceiver()
    yield receiver
    receiver.close()
    receiver.assert_clean()


@pytest.fixture(scope="module")
def services(tmp_path_factory, telemetry):
    """Both services with telemetry on, product 1 sold out."""
    from ostack_processes import Stack

    stack = Stack(tmp_path_factory.mktemp("data"), telemetry.settings())
    for _ in range(8):
        assert request(stack.inventory.port, "POST", "/reduce-stock?product_id=1").status == 200
    yield {"order": stack.order, "inventory": stack.inventory}
    try:
        stack.stop()
    finally:
        stack.discard()


def assert_usual_fields(response, further: dict):
    """What every answer has, and nothing that nobody expects."""
    names = response.names()
    assert names == [name.lower() for name in names]
    assert response.header("server") == "ostack"
    date = response.header("date")
    assert IMF_FIXDATE.fullmatch(date), date
    assert abs(email.utils.parsedate_to_datetime(date).timestamp() - time.time()) < 30
    has_representation = response.status not in (204, 307)
    kind = response.header("content-type")
    assert kind == ("application/json" if has_representation else None)
    if response.status != 204:
        assert len(response.values("content-length") + response.values("transfer-encoding")) == 1
    allowed = {"date", "server", "content-length", "transfer-encoding", "content-type"}
    # An answer of a handler with an error names its trace; what is no HTTP has none.
    named = response.status >= 400 and response.header("connection") != "close"
    assert ("traceresponse" in names) == named, names
    assert set(names) <= allowed | set(further) | {"traceresponse"}, names


@pytest.mark.parametrize("row", reference_rows.all_rows(), ids=lambda row: row.name)
def test_row(services, row):
    service = services[row.service]
    with Connection(service.port) as connection:
        authority = connection.authority
        connection.send(row.request.replace(b"HOST", authority.encode()))
        response = connection.read_response(row.method)
        assert response.status == row.status, response.raw
        if row.body is not None:
            assert response.body == row.body
        for name, value in row.fields.items():
            assert response.header(name) == value.replace("HOST", authority)
        assert_usual_fields(response, row.fields)
        if row.status == 400 and row.closes:
            assert list(response.json()) == ["detail"]
            assert isinstance(response.json()["detail"], str)
        if row.closes:
            assert connection.at_end()
        else:
            assert connection.request("GET", "/health").status == 200, "the connection goes on"


def test_head_says_what_get_says(services):
    for service, path in (("order", "/health"), ("inventory", "/list-products"),
                          ("order", "/list-orders"), ("order", "/nope")):
        with Connection(services[service].port) as connection:
            get, head = (connection.request(method, path) for method in ("GET", "HEAD"))
        assert (head.status, head.body) == (get.status, b"")
        # Each has its own time and trace, and is otherwise the same.
        rest = [[pair for pair in response.fields if pair[0] not in ("date", "traceresponse")]
                for response in (get, head)]
        assert rest[0] == rest[1] and get.names() == head.names()


def test_pipelined_requests_are_answered_in_order(services):
    with Connection(services["order"].port) as connection:
        lines = [("GET", "/health"), ("GET", "/nope"), ("POST", "/order-product"),
                 ("HEAD", "/health"), ("GET", "/list-products"), ("GET", "/health/")]
        connection.send(b"".join(compose(*line, connection.authority) for line in lines))
        statuses = [connection.read_response(method).status for method, _ in lines]
        assert statuses == [200, 404, 422, 200, 200, 307]
        assert connection.request("GET", "/health").status == 200


def test_a_request_may_come_byte_by_byte(services):
    with Connection(services["inventory"].port) as connection:
        for byte in compose("GET", "/health?slow=1", connection.authority):
            connection.send(bytes([byte]))
        assert connection.read_response().status == 200


@pytest.mark.parametrize("fields, body", [
    ("transfer-encoding: chunked\r\n", b"3\r\nabc\r\n1;name=value\r\nd\r\n0\r\n\r\n"),
    ("transfer-encoding: chunked\r\n", b"0\r\nx-trailer: 1\r\n\r\n"),
    ("content-length: 5\r\n", b"hello"),
], ids=["chunks with an extension", "empty with a trailer", "length"])
def test_request_bodies_are_read_and_ignored(services, fields, body):
    with Connection(services["inventory"].port) as connection:
        connection.send(compose("POST", "/restock?product_id=3&quantity=1", connection.authority,
                                fields) + body)
        assert connection.read_response("POST").status == 200
        assert connection.request("GET", "/health").status == 200, "the body was not left over"


def test_expect_100_continue(services):
    """The client sends its body once it may; a final answer straight away is as good."""
    with Connection(services["inventory"].port) as connection:
        connection.send(compose("POST", "/restock?product_id=3&quantity=1", connection.authority,
                                "content-length: 5\r\nexpect: 100-continue\r\n"))
        first = connection.read_any_response("POST")
        if first.status == 100:
            assert first.fields == [] and first.body == b""
            connection.send(b"hello")
            first = connection.read_any_response("POST")
            assert connection.request("GET", "/health").status == 200
        assert first.status == 200


def test_length_beside_chunked_smuggles_nothing(services):
    """Reference: chunked wins. Better: refused, as RFC 9112 section 6.1 allows, and closed."""
    smuggled = b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n"
    with Connection(services["order"].port) as connection:
        connection.send(compose(
            "POST", "/nope", connection.authority,
            f"content-length: {len(smuggled) + 5}\r\ntransfer-encoding: chunked\r\n")
            + b"0\r\n\r\n" + smuggled)
        response = connection.read_response("POST")
        assert response.status == 400
        assert response.header("connection") == "close"
        assert connection.at_end()


def test_a_faulty_request_is_answered_behind_a_good_one(services):
    with Connection(services["order"].port) as connection:
        assert connection.request("GET", "/health").status == 200
        connection.send(b"GET /health HTTP/1.1\r\nhost : x\r\n\r\n")
        response = connection.read_response()
        assert response.status == 400
        assert response.header("connection") == "close"
        assert connection.at_end()


def test_http_1_0_gets_no_chunks(services):
    with Connection(services["order"].port) as connection:
        connection.send(b"GET /list-orders HTTP/1.0\r\n\r\n")
        response = connection.read_response()
        assert response.status == 200 and isinstance(response.json(), list)
        assert response.values("transfer-encoding") == []


def test_order_product_says_who_ordered_in_raw_utf_8(services):
    order = services["order"]
    placed = request(order.port, "POST", "/order-product?username=%C3%A9%2F%01%22%0A&product_id=4")
    assert placed.status == 200
    listed = request(order.port, "GET", "/list-orders").body
    assert '"username":"é/\\u0001\\"\\n","product_name":"Headphones"'.encode() in listed
    assert b'": ' not in listed and b", " not in listed, "compact, no spaces"


@pytest.mark.parametrize("path, kind", [
    ("/docs", "text/html; charset=utf-8"), ("/redoc", "text/html; charset=utf-8"),
    ("/docs/oauth2-redirect", "text/html; charset=utf-8"), ("/openapi.json", "application/json"),
])
def test_documentation(services, path, kind):
    for service in services.values():
        for method in ("GET", "HEAD"):
            response = request(service.port, method, path)
            assert (response.status, response.header("content-type")) == (200, kind)
        redirect = request(service.port, "GET", f"{path}/")
        assert (redirect.status, redirect.header("location")) == (
            307, f"http://127.0.0.1:{service.port}{path}")


TRACE_RESPONSE = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


@pytest.mark.parametrize("method, target, status", [
    ("GET", "/nope", 404), ("PUT", "/health", 405), ("POST", "/order-product", 422),
    ("POST", "/order-product?username=ann&product_id=99", 400)])
def test_an_error_names_its_trace(services, telemetry, method, target, status):
    response = request(services["order"].port, method, target)
    assert response.status == status
    trace_id, span_id, flags = TRACE_RESPONSE.fullmatch(response.header("traceresponse")).groups()
    assert flags == "03"
    telemetry.wait_for("the span that the answer named", lambda receiver: [
        span for span in receiver.spans("order-service")
        if (span.trace_id, span.span_id, span.kind) == (trace_id, span_id, "SERVER")])


def test_an_error_names_the_callers_trace(services):
    caller = "4bf92f3577b34da6a3ce929d0e0e4736"
    response = request(services["order"].port, "GET", "/nope",
                       f"traceparent: 00-{caller}-00f067aa0ba902b7-01\r\n")
    named = TRACE_RESPONSE.fullmatch(response.header("traceresponse"))
    assert named[1] == caller and named[2] != "00f067aa0ba902b7"


def test_without_telemetry_there_is_no_trace_to_name(start_service):
    response = request(start_service("order-service").port, "GET", "/nope")
    assert response.status == 404 and response.header("traceresponse") is None
