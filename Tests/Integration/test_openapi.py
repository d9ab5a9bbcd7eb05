"""The services' own description of their interface: valid, complete, and true."""

import sqlite3

import openapi_spec_validator
import pytest

from api_document import SERVICES, document_of
from raw_http import Connection, request
from stand_ins import ScriptedInventory, refusing_port

# The answers that HTTP itself gives; endpoints list them by reference.
HTTP_STATUSES = {400, 408, 413, 414, 415, 417, 431, 501, 505}
BELOW_ITS_LIMIT = {"HTTP_BODY_BYTES_MAX": 100, "HTTP_REQUEST_LINE_BYTES_MAX": 400,
                   "HTTP_FIELD_COUNT_MAX": 10, "HTTP_HEAD_TIMEOUT": 300}


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_is_valid_openapi(service):
    document = document_of(service).document
    assert document["openapi"] == "3.1.0"
    openapi_spec_validator.validate(document)
    ids = [operation["operationId"] for *_, operation in document_of(service).operations()]
    assert len(ids) == len(set(ids)) >= 6


@pytest.mark.parametrize("service", SERVICES)
def test_examples_are_what_they_are_examples_of(service):
    document = document_of(service)
    checked = 0
    for *_, operation in document.operations():
        for parameter in operation.get("parameters", []):
            assert document.errors(parameter["schema"], parameter["example"]) == []
        for response in map(document.resolve, operation["responses"].values()):
            [content] = response["content"].values()
            for example in content["examples"].values():
                assert document.errors(content["schema"], example["value"]) == [], example
                checked += 1
            for field in response.get("headers", {}).values():
                assert document.errors(field["schema"], field["example"]) == []
    assert checked > 60


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("settings, traces", [
    ({}, {"recorded": False}),
    ({"JAEGER_UI_URL": "https://j.example/ui/"},
     {"recorded": False, "url": "https://j.example/ui/trace/{trace_id}"}),
])
def test_what_is_served_is_what_the_command_prints(start_service, service, settings, traces):
    running = start_service(service, **settings)
    response = request(running.port, "GET", "/openapi.json")
    assert (response.status, response.header("content-type")) == (200, "application/json")
    assert response.json() == document_of(service).document | {"x-traces": traces}


def test_traces_are_recorded_with_telemetry(start_service, receiver):
    running = start_service("order-service", **receiver.settings())
    traces = request(running.port, "GET", "/openapi.json").json()["x-traces"]
    assert traces == {"recorded": True}
    assert running.stop() == 0


class Answers:
    """Asks, and keeps which answers were given at which endpoint."""

    def __init__(self, service: str):
        self.document = document_of(service)
        self.given: set = set()

    def ask(self, port: int, method: str, target: str, status: int, fields: str = "",
            send: bytes | None = None):
        """`send` is the whole request, when it is none that a client can make."""
        with Connection(port) as connection:
            if send is None:
                response = connection.request(method, target, fields)
            else:
                connection.send(send.replace(b"HOST", connection.authority.encode()))
                response = connection.read_response(method)
        assert response.status == status, (target, response.raw)
        assert self.document.problems(method, target, response) == [], target
        self.given.add((method, target.partition("?")[0], status))

    def ask_while_it_stops(self, service):
        """Whether it is ready, by a request that is under way when the service is told to stop."""
        with Connection(service.port) as connection:
            connection.send(b"GET /health/ready HTTP/1.1\r\n")
            # Another request on the same loops: the first bytes of this one are there by then.
            assert request(service.port, "GET", "/health").status == 200
            service.send_signal()
            service.wait_for_line("drain", service.out, lambda line: '"draining"' in line)
            connection.send(f"host: {connection.authority}\r\n\r\n".encode())
            response = connection.read_response()
        assert response.status == 503 and response.json()["draining"] is True
        assert self.document.problems("GET", "/health/ready", response) == []
        self.given.add(("GET", "/health/ready", 503))
        assert service.wait() == 0

    def ask_what_http_refuses(self, port: int, method: str, target: str):
        """At limits as in `BELOW_ITS_LIMIT`."""
        line = f"{method} {target}"
        for status, text in [
                (400, f"{line} HTTP/1.1\r\nhost : HOST\r\n\r\n"),
                (408, f"{line} HTTP/1.1\r\n"),
                (413, f"{line} HTTP/1.1\r\nhost: HOST\r\ncontent-length: 101\r\n\r\n"),
                (414, f"{line}{'&' if '?' in target else '?'}{'x' * 400} HTTP/1.1\r\n"),
                (415, f"{line} HTTP/1.1\r\nhost: HOST\r\ncontent-length: 1\r\n"
                      "content-encoding: br\r\n\r\nx"),
                (417, f"{line} HTTP/1.1\r\nhost: HOST\r\nexpect: more\r\n\r\n"),
                (431, f"{line} HTTP/1.1\r\nhost: HOST\r\n" + "x: y\r\n" * 10 + "\r\n"),
                (501, f"{line} HTTP/1.1\r\nhost: HOST\r\ntransfer-encoding: gzip, chunked\r\n\r\n"),
                (505, f"{line} HTTP/2.0\r\nhost: HOST\r\n\r\n")]:
            self.ask(port, method, target, status, send=text.encode())

    def assert_all_were_given(self):
        """Every answer that is described, at every endpoint, and no other."""
        described = {(method, path, int(status))
                     for method, path, operation in self.document.operations()
                     for status in operation["responses"]}
        assert self.given == described


def ask_health(answers: Answers, port: int):
    for target in ("/health", "/health/live", "/health/ready"):
        answers.ask(port, "GET", target, 200)
        answers.ask_what_http_refuses(port, "GET", target)


def test_every_answer_of_the_inventory(start_service, tmp_path):
    answers = Answers("inventory-service")
    service = start_service("inventory-service", **BELOW_ITS_LIMIT)
    port = service.port
    key = "idempotency-key: k\r\n"
    answers.ask(port, "GET", "/list-products", 200)
    answers.ask(port, "POST", "/reduce-stock?product_id=1", 200, key)
    answers.ask(port, "POST", "/reduce-stock?product_id=2", 422, key)
    answers.ask(port, "POST", "/reduce-stock?product_id=2", 400, "idempotency-key: a b\r\n")
    answers.ask(port, "POST", "/reduce-stock?product_id=9", 400)
    answers.ask(port, "POST", "/reduce-stock", 422)
    for _ in range(7):
        answers.ask(port, "POST", "/reduce-stock?product_id=1", 200)
    answers.ask(port, "POST", "/reduce-stock?product_id=1", 400)
    answers.ask(port, "POST", "/restock?product_id=1&quantity=1", 200)
    answers.ask(port, "POST", "/restock?product_id=9&quantity=1", 400)
    answers.ask(port, "POST", "/restock?product_id=x&quantity=0", 422)
    for method, target in (("GET", "/list-products"), ("POST", "/reduce-stock?product_id=1"),
                           ("POST", "/restock?product_id=1&quantity=1")):
        answers.ask_what_http_refuses(port, method, target)
    ask_health(answers, port)
    with sqlite3.connect(tmp_path / "data" / "inventory.sqlite") as database:
        database.execute("DROP TABLE products")
    answers.ask(port, "GET", "/list-products", 503)
    answers.ask(port, "POST", "/reduce-stock?product_id=1", 503)
    answers.ask(port, "POST", "/restock?product_id=1&quantity=1", 503)
    answers.ask_while_it_stops(service)
    answers.assert_all_were_given()


def test_every_answer_of_orders(start_stack, start_service, tmp_path):
    answers = Answers("order-service")
    stack = start_stack(directory=tmp_path / "shop", order=BELOW_ITS_LIMIT)
    port, key = stack.order.port, "idempotency-key: k\r\n"
    answers.ask(port, "GET", "/list-orders", 200)
    answers.ask(port, "GET", "/list-products", 200)
    answers.ask(port, "POST", "/order-product?username=ann&product_id=2", 200, key)
    answers.ask(port, "GET", "/list-orders?limit=1&after=0", 200)
    answers.ask(port, "POST", "/order-product?username=bob&product_id=2", 422, key)
    answers.ask(port, "POST", "/order-product?username=&product_id=x", 422)
    answers.ask(port, "POST", "/order-product?username=ann&product_id=9", 400)
    answers.ask(port, "POST", "/order-product?username=ann&product_id=2", 400,
                "idempotency-key: \r\n")
    answers.ask(port, "GET", "/list-orders?limit=0", 422)
    for method, target in (("GET", "/list-products"), ("GET", "/list-orders"),
                           ("POST", "/order-product?username=ann&product_id=2")):
        answers.ask_what_http_refuses(port, method, target)
    ask_health(answers, port)
    with sqlite3.connect(tmp_path / "shop" / "orders.sqlite") as database:
        database.execute("DROP TABLE orders")
    answers.ask(port, "POST", "/order-product?username=ann&product_id=2", 503)
    answers.ask(port, "GET", "/list-orders", 503)
    with refusing_port() as nobody:
        alone = start_service("order-service", INVENTORY_SERVICE_URL=f"http://127.0.0.1:{nobody}")
        answers.ask(alone.port, "POST", "/order-product?username=ann&product_id=2", 503)
        answers.ask(alone.port, "GET", "/list-products", 503)
        answers.ask(alone.port, "GET", "/health/ready", 200)
        answers.ask_while_it_stops(alone)
    answers.assert_all_were_given()


def test_a_full_shelf_is_described(start_service, tmp_path):
    port = start_service("inventory-service").port
    with sqlite3.connect(tmp_path / "data" / "inventory.sqlite") as database:
        database.execute(f"UPDATE products SET stock = {2**63 - 1} WHERE id = 1")
    answers = Answers("inventory-service")
    answers.ask(port, "POST", "/restock?product_id=1&quantity=1", 400)
    answers.ask(port, "GET", "/list-products", 200)


def test_every_valid_name_can_be_ordered_under(start_stack):
    """Its longest is not refused for the length of the line that it comes in."""
    [name] = [parameter["schema"] for *_, operation in document_of("order-service").operations()
              for parameter in operation.get("parameters", []) if parameter["name"] == "username"]
    stack = start_stack()
    encoded = "%F0%9F%9B%92"  # four bytes, which is the most that a character has
    target = "/order-product?product_id=4&username="
    placed = request(stack.order.port, "POST", target + encoded * name["maxLength"],
                     f"idempotency-key: {'k' * 255}\r\n")
    assert placed.status == 200, placed.body
    refused = request(stack.order.port, "POST", target + "x" * (name["maxLength"] + 1))
    assert refused.status == 422


def test_what_an_inventory_answers_nonsense_with_is_described(start_service):
    answers = Answers("order-service")
    with ScriptedInventory(lambda *_: (200, {"surprise": True})) as inventory:
        port = start_service("order-service", INVENTORY_SERVICE_URL=inventory.url).port
        answers.ask(port, "POST", "/order-product?username=ann&product_id=2", 503)
        answers.ask(port, "GET", "/list-products", 503)
