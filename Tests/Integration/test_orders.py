"""The order flow through both services: stock, concurrency, paging, failure, persistence."""

import datetime
import signal
import sqlite3
import threading
import time
from collections import Counter

import pytest

from raw_http import Connection, request
from stand_ins import ScriptedInventory, SilentServer, refusing_port

FIRST_PRODUCTS = [
    {"id": 1, "name": "Laptop", "stock": 8},
    {"id": 2, "name": "Smartphone", "stock": 24},
    {"id": 3, "name": "Tablet", "stock": 15},
    {"id": 4, "name": "Headphones", "stock": 50},
    {"id": 5, "name": "Smartwatch", "stock": 30},
]
INVENTORY_DOWN = b'{"detail":"Inventory service unavailable"}'


def order(service, username: str, product: int):
    return request(service.port, "POST", f"/order-product?username={username}&product_id={product}")


def orders(service, query: str = "") -> list[dict]:
    response = request(service.port, "GET", f"/list-orders{query}")
    assert response.status == 200, response.body
    return response.json()


def stock(inventory) -> dict[int, int]:
    products = request(inventory.port, "GET", "/list-products").json()
    return {product["id"]: product["stock"] for product in products}


def test_a_new_shop(start_stack):
    stack = start_stack()
    assert orders(stack.order) == []
    for service in (stack.inventory, stack.order):
        response = request(service.port, "GET", "/list-products")
        assert response.status == 200
        assert response.json() == FIRST_PRODUCTS
        assert response.body.startswith(b'[{"id":1,"name":"Laptop","stock":8},'), "keys in order"


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def test_an_order(start_stack):
    """Reference: the date is the machine's local time. Better: UTC, wherever the machine is."""
    stack = start_stack(both={"TZ": "JST-9"})
    before = utc_now()
    placed = order(stack.order, "ann", 2)
    after = utc_now()
    assert placed.status == 200
    assert list(placed.json()) == ["message", "order_id"]
    assert placed.json()["message"] == "Order placed successfully"

    [listed] = orders(stack.order)
    assert list(listed) == ["username", "product_name", "order_date", "order_id", "product_id"]
    date = datetime.datetime.fromisoformat(listed["order_date"])
    assert date.tzinfo is None and before <= date <= after, listed["order_date"]
    assert listed | {"order_date": ""} == {
        "username": "ann", "product_name": "Smartphone", "order_date": "",
        "order_id": placed.json()["order_id"], "product_id": 2}
    assert stock(stack.inventory)[2] == 23


def test_reduce_and_restock(start_service):
    inventory = start_service("inventory-service")
    reduced = request(inventory.port, "POST", "/reduce-stock?product_id=1")
    assert reduced.status == 200
    assert reduced.json() == {"message": "Stock reduced",
                              "product": {"id": 1, "name": "Laptop", "stock": 7}}
    restocked = request(inventory.port, "POST", "/restock?product_id=1&quantity=5")
    assert restocked.status == 200
    assert stock(inventory) == {1: 12, 2: 24, 3: 15, 4: 50, 5: 30}
    for query in ("product_id=99&quantity=1", "product_id=1&quantity=0",
                  "product_id=1&quantity=-1"):
        refused = request(inventory.port, "POST", f"/restock?{query}")
        assert 400 <= refused.status < 500 and list(refused.json()) == ["detail"], query
    assert stock(inventory) == {1: 12, 2: 24, 3: 15, 4: 50, 5: 30}


def test_restock_cannot_overflow(start_service):
    inventory = start_service("inventory-service")
    answer = request(inventory.port, "POST", f"/restock?product_id=1&quantity={2**63 - 1}")
    assert 400 <= answer.status < 500, answer.raw
    assert stock(inventory)[1] == 8


def test_64_clients_order_the_last_24(start_stack):
    stack = start_stack()
    together = threading.Barrier(64)
    answers = [None] * 64

    def client(number: int):
        with Connection(stack.order.port) as connection:
            together.wait(20)
            answers[number] = connection.request(
                "POST", f"/order-product?username=client-{number}&product_id=2")

    threads = [threading.Thread(target=client, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert Counter(answer and answer.status for answer in answers) == {200: 24, 400: 40}
    refused = {answer.body for answer in answers if answer.status == 400}
    assert refused == {b'{"detail":"Product unavailable"}'}
    winners = {answer.json()["order_id"]: f"client-{number}"
               for number, answer in enumerate(answers) if answer.status == 200}
    listed = orders(stack.order)
    assert {entry["order_id"]: entry["username"] for entry in listed} == winners
    assert len(listed) == 24 and {entry["product_id"] for entry in listed} == {2}
    assert stock(stack.inventory)[2] == 0
    assert request(stack.inventory.port, "POST", "/restock?product_id=2&quantity=1").status == 200
    assert order(stack.order, "late", 2).status == 200


def test_pages_of_orders(start_stack):
    stack = start_stack()
    placed = [order(stack.order, f"u{number}", 4).json()["order_id"] for number in range(7)]
    everything = orders(stack.order)
    assert [entry["order_id"] for entry in everything] == placed, "oldest first"

    pages, after = [], ""
    while page := orders(stack.order, f"?limit=3{after}"):
        pages.append(page)
        after = f"&after={page[-1]['order_id']}"
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sum(pages, []) == everything
    assert orders(stack.order, f"?after={placed[4]}") == everything[5:]
    assert orders(stack.order, "?limit=1000") == everything
    for query in ("?limit=abc", "?limit=0", "?limit=-1"):
        assert request(stack.order.port, "GET", f"/list-orders{query}").status == 422, query


def assert_unavailable(response):
    assert (response.status, response.body) == (503, INVENTORY_DOWN)
    assert int(response.header("retry-after")) >= 1


@pytest.mark.parametrize("line", ["POST /order-product?username=a&product_id=2",
                                  "GET /list-products"])
def test_inventory_refuses_connections(start_service, line):
    with refusing_port() as port:
        service = start_service("order-service", INVENTORY_SERVICE_URL=f"http://127.0.0.1:{port}")
        began = time.monotonic()
        assert_unavailable(request(service.port, *line.split(" ")))
        assert time.monotonic() - began < 2.5, "INVENTORY_TIMEOUT is 2 s"
        assert orders(service) == []
        assert request(service.port, "GET", "/health").status == 200


@pytest.mark.parametrize("line", ["POST /order-product?username=a&product_id=2",
                                  "GET /list-products"])
def test_inventory_never_answers(start_service, line):
    with SilentServer() as silent:
        service = start_service("order-service", INVENTORY_SERVICE_URL=silent.url,
                                INVENTORY_TIMEOUT=400)
        began = time.monotonic()
        assert_unavailable(request(service.port, *line.split(" ")))
        assert 0.3 < time.monotonic() - began < 2.0
        assert silent.received.is_set()
        assert orders(service) == []


BROKEN = {
    "500": (500, {"detail": "Internal Server Error"}),
    "no HTTP": (0, b"SSH-2.0-OpenSSH_9.2\r\n"),
    "a head without end": (0, b"HTTP/1.1 200 OK\r\ncontent-le"),
    "half a body": (0, b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"message\""),
    "no JSON": (0, b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"),
    "closed at once": (0, b""),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_inventory_answers_nonsense(start_service, answer):
    with ScriptedInventory(lambda *_: answer) as inventory:
        service = start_service("order-service", INVENTORY_SERVICE_URL=inventory.url,
                                INVENTORY_TIMEOUT=1000)
        assert_unavailable(order(service, "ann", 2))
        assert orders(service) == []


def test_inventory_comes_back(start_stack):
    """Also with connections in the pool that died with the old process."""
    stack = start_stack()
    assert order(stack.order, "before", 4).status == 200
    port = stack.inventory.port
    assert stack.inventory.stop() == 0
    assert_unavailable(order(stack.order, "during", 4))
    stack.start("inventory-service", stack.inventory_settings | {"INVENTORY_SERVICE_PORT": port})
    assert order(stack.order, "after", 4).status == 200
    names = [entry["username"] for entry in orders(stack.order)]
    assert names[0] == "before" and names[-1] == "after"


def test_inventory_restarts_unnoticed(start_stack):
    stack = start_stack()
    assert order(stack.order, "before", 4).status == 200
    port = stack.inventory.port
    assert stack.inventory.stop() == 0
    stack.start("inventory-service", stack.inventory_settings | {"INVENTORY_SERVICE_PORT": port})
    assert order(stack.order, "after", 4).status == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_answered_orders_survive(start_stack, tmp_path, number):
    first = start_stack(directory=tmp_path / "shop")
    placed = [order(first.order, f"u{n}", 3).json()["order_id"] for n in range(5)]
    listed = orders(first.order)
    for service in (first.order, first.inventory):
        code = service.stop(number)
        assert code == (0 if number == signal.SIGTERM else -signal.SIGKILL)

    second = start_stack(directory=tmp_path / "shop")
    assert orders(second.order) == listed
    assert [entry["order_id"] for entry in listed] == placed
    assert stock(second.inventory) == {1: 8, 2: 24, 3: 10, 4: 50, 5: 30}, "not seeded again"
    assert order(second.order, "again", 3).json()["order_id"] not in placed


def test_idempotency_key_of_reduce_stock(start_stack, tmp_path):
    def reduce(stack, product: int, key: str):
        return request(stack.inventory.port, "POST", f"/reduce-stock?product_id={product}",
                       f"idempotency-key: {key}\r\n")

    first = start_stack(directory=tmp_path / "shop")
    once, again = reduce(first, 1, "k1"), reduce(first, 1, "k1")
    assert once.status == again.status == 200
    assert once.body == again.body
    assert reduce(first, 1, "k2").json()["product"]["stock"] == 6
    assert first.inventory.stop(signal.SIGKILL) == -signal.SIGKILL

    second = start_stack(directory=tmp_path / "shop")
    assert reduce(second, 1, "k1").body == once.body, "remembered over a crash"
    assert stock(second.inventory)[1] == 6


def test_an_order_carries_its_key_to_inventory(start_service):
    """Repeating the call for one order can then not sell twice."""
    with ScriptedInventory(lambda *_: (200, {
            "message": "Stock reduced",
            "product": {"id": 2, "name": "Smartphone", "stock": 3}})) as inventory:
        service = start_service("order-service", INVENTORY_SERVICE_URL=inventory.url)
        ids = [str(order(service, "ann", 2).json()["order_id"]) for _ in range(2)]
        assert [(method, target) for method, target, _ in inventory.requests] == \
            [("POST", "/reduce-stock?product_id=2")] * 2
        keys = [headers["idempotency-key"] for _, _, headers in inventory.requests]
        assert len(set(keys)) == 2 and all(map(str.endswith, keys, ids)), (keys, ids)


def test_a_broken_store_is_told_in_json(start_service, tmp_path):
    """Reference: 500 as text. Better: 503 as JSON. What is wrong in detail stays inside."""
    inventory = start_service("inventory-service")
    with sqlite3.connect(tmp_path / "data" / "inventory.sqlite") as database:
        database.execute("DROP TABLE products")
    response = request(inventory.port, "GET", "/list-products")
    assert response.status == 503
    assert response.body == b'{"detail":"Inventory store unavailable"}'
    assert response.header("content-type") == "application/json"
    assert request(inventory.port, "GET", "/health").status == 200
