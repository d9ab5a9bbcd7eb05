"""What the replaced (FastAPI) services do on the wire, and what these do: one row per case.

`verdict` is "same", or "better: …" with the reason for the difference.
"""

import json
from dataclasses import dataclass, field

SAME = "same"
GET_ALLOWED = "GET, HEAD, OPTIONS"
POST_ALLOWED = "POST, OPTIONS"
NOT_FOUND = b'{"detail":"Not Found"}'
NOT_ALLOWED = b'{"detail":"Method Not Allowed"}'
UNAVAILABLE = b'{"detail":"Product unavailable"}'
UNKNOWN = b'{"detail":"Product not found"}'
REDUCED = "Stock reduced"


@dataclass(frozen=True)
class Row:
    """One request and its whole answer. `HOST` stands for the service's authority."""

    name: str
    service: str
    request: bytes
    status: int
    body: bytes | None  # None: not compared here
    verdict: str
    fields: dict = field(default_factory=dict)  # further fields of the answer
    closes: bool = False

    def __post_init__(self):
        assert self.verdict == SAME or self.verdict.startswith("better: "), self.verdict

    @property
    def method(self) -> str:
        return self.request.split(b" ", 1)[0].decode("latin-1")


def ask(line: str, fields: str = "", body: str = "") -> bytes:
    """`line` is method and target."""
    return f"{line} HTTP/1.1\r\nhost: HOST\r\n{fields}\r\n{body}".encode()


def health(service: str) -> bytes:
    return f'{{"status":"ok","environment":"dev","service_name":"{service}"}}'.encode()


def unprocessable(*errors: tuple) -> bytes:
    """The 422 body for (parameter, type, message, input) errors."""
    return json.dumps(
        {"detail": [{"type": kind, "loc": ["query", name], "msg": message, "input": value}
                    for name, kind, message, value in errors]},
        ensure_ascii=False, separators=(",", ":")).encode()


def missing(name: str) -> tuple:
    return (name, "missing", "Field required", None)


def not_an_integer(name: str, value: str) -> tuple:
    return (name, "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer", value)


def too_long(name: str, value: str) -> tuple:
    return (name, "int_parsing_size",
            "Unable to parse input string as an integer, exceeded maximum size", value)


def too_large(name: str, value: str) -> tuple:
    return (name, "less_than_equal",
            f"Input should be less than or equal to {2**63 - 1}", value)


def too_small(name: str, value: str) -> tuple:
    return (name, "greater_than_equal",
            f"Input should be greater than or equal to {-2**63}", value)


def too_short(name: str) -> tuple:
    return (name, "string_too_short", "String should have at least 1 character", "")


def routing_rows() -> list[Row]:
    rows = [
        Row("health of order", "order", ask("GET /health"), 200, health("order-service"), SAME),
        Row("health of inventory", "inventory", ask("GET /health"), 200,
            health("inventory-service"), SAME),
        Row("query is ignored", "order", ask("GET /health?x=1&y"), 200,
            health("order-service"), SAME),
        Row("percent-encoded path", "order", ask("GET /%68ealth"), 200,
            health("order-service"), SAME),
        Row("encoded question mark is path", "order", ask("GET /health%3Fx=1"), 404, NOT_FOUND,
            SAME),
        Row("body of a GET is ignored", "order", ask("GET /health", "content-length: 3\r\n", "abc"),
            200, health("order-service"), SAME),
    ]
    for path in ("/nope", "/", "/Health", "/health/live/nope", "/order-products"):
        rows.append(Row(f"404 GET {path}", "order", ask(f"GET {path}"), 404, NOT_FOUND, SAME))
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "FOO", "HEAD"):
        body = b"" if method == "HEAD" else NOT_FOUND
        rows.append(Row(f"404 {method} /nope", "inventory", ask(f"{method} /nope"), 404, body, SAME,
                        {"content-length": str(len(NOT_FOUND))}))
    return rows


def method_rows() -> list[Row]:
    lists_more = "better: Allow also names what is answered besides (HEAD, OPTIONS)"
    rows = []
    for method in ("POST", "PUT", "DELETE", "PATCH", "get", "FOO", "TRACE"):
        rows.append(Row(f"405 {method} /health", "order", ask(f"{method} /health"), 405,
                        NOT_ALLOWED, lists_more, {"allow": GET_ALLOWED}))
    for service, path in (("order", "/order-product"), ("inventory", "/reduce-stock"),
                          ("inventory", "/restock")):
        for method in ("GET", "HEAD", "PUT", "post", "FOO"):
            rows.append(Row(f"405 {method} {path}", service, ask(f"{method} {path}"), 405,
                            b"" if method == "HEAD" else NOT_ALLOWED, lists_more,
                            {"allow": POST_ALLOWED, "content-length": "31"}))
        rows.append(Row(f"OPTIONS {path}", service, ask(f"OPTIONS {path}"), 204, b"",
                        "better: OPTIONS is answered", {"allow": POST_ALLOWED}))
    for service, path in (("order", "/health"), ("order", "/list-orders"),
                          ("order", "/list-products"), ("inventory", "/list-products")):
        rows.append(Row(f"405 POST {service} {path}", service, ask(f"POST {path}"), 405,
                        NOT_ALLOWED, lists_more, {"allow": GET_ALLOWED}))
        rows.append(Row(f"OPTIONS {service} {path}", service, ask(f"OPTIONS {path}"), 204, b"",
                        "better: OPTIONS is answered", {"allow": GET_ALLOWED}))
        rows.append(Row(f"HEAD {service} {path}", service, ask(f"HEAD {path}"), 200, b"",
                        "better: HEAD is GET without the body"))
    return rows


def redirect_rows() -> list[Row]:
    rows = []
    for line, service, target in (
            ("GET /health/", "order", "/health"),
            ("GET /health//", "order", "/health"),
            ("GET /health%2f", "order", "/health"),
            ("GET /health%2F", "inventory", "/health"),
            ("GET /health/?a=b&c=%20d", "order", "/health?a=b&c=%20d"),
            ("HEAD /health/", "order", "/health"),
            ("DELETE /health/", "order", "/health"),
            ("OPTIONS /health/", "order", "/health"),
            ("GET /list-orders/", "order", "/list-orders"),
            ("POST /order-product/?username=a&product_id=4", "order",
             "/order-product?username=a&product_id=4"),
            ("GET /order-product/", "order", "/order-product"),
            ("POST /reduce-stock/", "inventory", "/reduce-stock")):
        rows.append(Row(f"307 {line}", service, ask(line), 307, b"", SAME,
                        {"location": f"http://HOST{target}", "content-length": "0"}))
    rows.append(Row("307 names the host that was asked", "order",
                    b"GET /health/ HTTP/1.1\r\nHost: shop.example\r\n\r\n", 307, b"", SAME,
                    {"location": "http://shop.example/health", "content-length": "0"}))
    rows.append(Row("404 unknown path with slash", "order", ask("GET /nope/"), 404, NOT_FOUND,
                    SAME))
    return rows


def protocol_rows() -> list[Row]:
    as_json = "better: strict, and the 400 is JSON like every error, with date and server"
    fine = health("order-service")

    def bad(name: str, request: bytes) -> Row:
        return Row(name, "order", request, 400, None, as_json, {"connection": "close"}, True)

    host = b"host: HOST\r\n"
    return [
        bad("no request line", b"GARBAGE\r\n\r\n"),
        bad("no version", b"GET /health\r\n" + host + b"\r\n"),
        bad("two spaces", b"GET  /health HTTP/1.1\r\n" + host + b"\r\n"),
        bad("space in the target", b"GET /he alth HTTP/1.1\r\n" + host + b"\r\n"),
        bad("raw non-ASCII in the target", b"GET /health?x=\xc3\xa9 HTTP/1.1\r\n" + host + b"\r\n"),
        bad("no Host", b"GET /health HTTP/1.1\r\n\r\n"),
        bad("two Hosts", b"GET /health HTTP/1.1\r\n" + host + host + b"\r\n"),
        bad("field without colon", b"GET /health HTTP/1.1\r\n" + host + b"nonsense\r\n\r\n"),
        bad("space before the colon", b"GET /health HTTP/1.1\r\nhost : HOST\r\n\r\n"),
        bad("two different Content-Length", ask(
            "POST /order-product", "content-length: 3\r\ncontent-length: 4\r\n", "abcd")),
        bad("signed Content-Length", ask("POST /order-product", "content-length: +3\r\n", "abc")),
        bad("Content-Length no number", ask("POST /order-product", "content-length: x\r\n")),
        bad("the same Content-Length twice", ask(
            "POST /order-product", "content-length: 3\r\ncontent-length: 3\r\n", "abc")),
        Row("absolute-form target", "order",
            b"GET http://HOST/health HTTP/1.1\r\nhost: HOST\r\n\r\n", 200, fine,
            "better: a target in absolute form is served, as RFC 9112 section 3.2.2 requires"),
        Row("upgrade to h2c is ignored", "order", ask(
            "GET /health", "connection: upgrade, http2-settings\r\nupgrade: h2c\r\n"
            "http2-settings: AAMAAABkAAQAAP__\r\n"), 200, fine, SAME),
        Row("connection: close is obeyed", "order", ask("GET /health", "connection: close\r\n"),
            200, fine, SAME, {"connection": "close"}, True),
        Row("HTTP/1.0 closes", "order", b"GET /health HTTP/1.0\r\nhost: HOST\r\n\r\n", 200, fine,
            SAME, {"connection": "close"}, True),
        Row("HTTP/1.0 needs no Host", "order", b"GET /health HTTP/1.0\r\n\r\n", 200, fine,
            SAME, {"connection": "close"}, True),
        Row("field names in any case", "order", b"GET /health HTTP/1.1\r\nhOsT: HOST\r\n\r\n",
            200, fine, SAME),
    ]


def business_rows() -> list[Row]:
    """Product 1 is sold out when these run."""
    says_400 = "better: 400 with the intended text, where the reference fails with 500"
    rows = [
        Row("reduce-stock unknown", "inventory", ask("POST /reduce-stock?product_id=99"), 400,
            UNKNOWN, SAME),
        Row("reduce-stock negative", "inventory", ask("POST /reduce-stock?product_id=-1"), 400,
            UNKNOWN, SAME),
        Row("reduce-stock sold out", "inventory", ask("POST /reduce-stock?product_id=1"), 400,
            UNAVAILABLE, SAME),
        Row("reduce-stock beyond 64 bits", "inventory",
            ask("POST /reduce-stock?product_id=9223372036854775808"), 422,
            unprocessable(too_large("product_id", "9223372036854775808")),
            "better: 422, where the reference fails with 500"),
    ]
    for name, number in (("unknown", "99"), ("sold-out", "1"), ("negative", "-1"), ("no", "0")):
        rows.append(Row(f"order of {name} product", "order",
                        ask(f"POST /order-product?username=ann&product_id={number}"), 400,
                        UNAVAILABLE, says_400))
    return rows


def validation_rows() -> list[Row]:
    def row(name: str, line: str, *errors: tuple, service: str = "order",
            verdict: str = SAME) -> Row:
        return Row(f"422 {name}", service, ask(line), 422, unprocessable(*errors), verdict)

    both = [missing("username"), missing("product_id")]
    return [
        row("nothing given", "POST /order-product", *both),
        row("an empty query", "POST /order-product?", *both),
        row("other names only", "POST /order-product?USERNAME=a&Product_id=1", *both),
        row("one missing", "POST /order-product?product_id=2", missing("username")),
        row("the other missing", "POST /order-product?username=a", missing("product_id")),
        row("no integer", "POST /order-product?username=a&product_id=abc",
            not_an_integer("product_id", "abc")),
        row("all errors, in order", "POST /order-product?product_id=1.5",
            missing("username"), not_an_integer("product_id", "1.5")),
        row("an empty username", "POST /order-product?username=&product_id=4",
            too_short("username"), verdict="better: an order has a name on it"),
        row("a username without a value", "POST /order-product?username&product_id=4",
            too_short("username"), verdict="better: an order has a name on it"),
        row("empty and no integer", "POST /order-product?username=&product_id=",
            too_short("username"), not_an_integer("product_id", ""),
            verdict="better: an order has a name on it"),
        row("reduce-stock", "POST /reduce-stock", missing("product_id"), service="inventory"),
        row("restock", "POST /restock", missing("product_id"), missing("quantity"),
            service="inventory", verdict="better: restock is new, and says so alike"),
        row("quotes and controls in the input", "POST /reduce-stock?product_id=%22%5C%2F%01%C3%A9",
            not_an_integer("product_id", '"\\/\x01é'), service="inventory"),
    ]


def all_rows() -> list[Row]:
    return (routing_rows() + method_rows() + redirect_rows() + protocol_rows() + business_rows()
            + validation_rows())
