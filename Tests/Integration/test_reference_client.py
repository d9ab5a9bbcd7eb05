"""A client written for the replaced system, used on this one without a change.

Each flow says what the replaced system answered. Where this one answers otherwise, the README's
table must have the case; and every case of the table must be found here.
"""

import re
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone

import pytest
import requests

from ostack_processes import REPOSITORY, Stack
from raw_http import Connection
from stand_ins import SilentServer, refusing_port

ORDERED = {"message": "Order placed successfully"}
FAILED = (500, {"detail": "Failed to place order"})
# What cannot be brought about from outside, and the test that shows it.
SHOWN_ELSEWHERE = {
    "an unhandled error": ("Tests/HTTPServerTests/TraceResponseTests.swift", "Refused()")}


class Shop:
    """What a client of the replaced system has: two addresses, and `requests`."""

    def __init__(self, stack: Stack):
        self.orders = f"http://localhost:{stack.order.port}"
        self.inventory = f"http://localhost:{stack.inventory.port}"

    def products(self, service: str) -> list[dict]:
        response = requests.get(f"{service}/list-products", timeout=10)
        response.raise_for_status()
        return response.json()

    def stock(self, product: int) -> int:
        return next(entry["stock"] for entry in self.products(self.inventory)
                    if entry["id"] == product)

    def order(self, username: str, product, **options) -> requests.Response:
        return requests.post(f"{self.orders}/order-product", timeout=10,
                             params={"username": username, "product_id": product}, **options)

    def reduce(self, product) -> requests.Response:
        return requests.post(f"{self.inventory}/reduce-stock", timeout=10,
                             params={"product_id": product})

    def listed(self) -> list[dict]:
        return requests.get(f"{self.orders}/list-orders", timeout=10).json()


@dataclass
class Flow:
    name: str
    there: object  # what the replaced system answered
    here: object
    case: str | None = None  # of the README's table, where the two differ


def answer(response: requests.Response):
    return response.status_code, response.json()


def documented_cases() -> list[str]:
    text = (REPOSITORY / "README.md").read_text()
    table = text.split("| case | there | here |\n", 1)[1].split("\n\n", 1)[0]
    return [row.split("|")[1].strip() for row in table.splitlines()[1:]]


def everyday_flows(shop: Shop):
    health = requests.get(f"{shop.orders}/health", timeout=10)
    yield Flow("health", (200, {"status": "ok", "environment": "dev",
                                "service_name": "order-service"}), answer(health))
    yield Flow("products of both services", shop.products(shop.inventory),
               shop.products(shop.orders))
    yield Flow("an empty list", [], shop.listed())
    before = shop.stock(2)
    yield Flow("an order", (200, ORDERED), answer(shop.order("ann", 2)), "answer to an order")
    yield Flow("takes an item", before - 1, shop.stock(2))
    [listed] = shop.listed()
    there = {"username": "ann", "product_name": "Smartphone", "order_date": listed["order_date"]}
    yield Flow("the first members of a listed order", list(there), list(listed)[:3])
    yield Flow("a listed order", there, listed, "`/list-orders`")
    reduced = shop.reduce(1)
    yield Flow("the stock is reduced", "Stock reduced", reduced.json()["message"])
    yield Flow("a trailing slash", 307, requests.get(
        f"{shop.orders}/health/", timeout=10, allow_redirects=False).status_code)
    yield Flow("which is followed", (200, "ok"), (
        (followed := requests.get(f"{shop.orders}/health/", timeout=10)).status_code,
        followed.json()["status"]))
    yield Flow("no such path", (404, {"detail": "Not Found"}),
               answer(requests.get(f"{shop.orders}/nope", timeout=10)))
    wrong = requests.put(f"{shop.orders}/health", timeout=10)
    yield Flow("no such method", (405, {"detail": "Method Not Allowed"}), answer(wrong))
    yield Flow("the methods that there are", "GET", wrong.headers["allow"], "HEAD, OPTIONS")
    yield Flow("HEAD", 405, requests.head(f"{shop.orders}/health", timeout=10).status_code,
               "HEAD, OPTIONS")
    page = requests.get(f"{shop.orders}/docs", timeout=10)
    yield Flow("a page for people", (200, "text/html; charset=utf-8"),
               (page.status_code, page.headers["content-type"]))
    yield Flow("which loads from elsewhere", True, "cdn" in page.text, "`/docs`, `/redoc`")


def refused_flows(shop: Shop):
    missing = {"detail": [{"type": "missing", "loc": ["query", name], "msg": "Field required",
                           "input": None} for name in ("username", "product_id")]}
    yield Flow("nothing given", (422, missing), answer(
        requests.post(f"{shop.orders}/order-product", timeout=10)))
    yield Flow("no such product in stock", (400, {"detail": "Product not found"}),
               answer(shop.reduce(99)))
    for product in (99, -1, 0):
        yield Flow(f"an order of product {product}", FAILED, answer(shop.order("ann", product)),
                   "ordering an unknown or sold-out product")
    yield Flow("beyond 64 bits", 500, shop.reduce(2**63).status_code,
               "`product_id` beyond 64 bits")
    yield Flow("an empty name", 200, shop.order("", 4).status_code, "empty `username`")
    yield Flow("a long name", 200, shop.order("x" * 501, 4).status_code,
               "`username` of more than 500 characters")
    port = int(shop.orders.rpartition(":")[2])
    with Connection(port) as connection:
        through_a_proxy = connection.request("GET", f"{shop.orders}/health").status
        yield Flow("as proxies are asked", 404, through_a_proxy, "a target in absolute form")
    with Connection(port) as connection:
        connection.send(b"GARBAGE\r\n\r\n")
        yield Flow("no HTTP", b"Invalid HTTP request received.", connection.read_response().body,
                   "malformed HTTP")


def repeated_flows(shop: Shop):
    before = len(shop.listed())
    for _ in range(2):
        shop.order("ann", 4, headers={"Idempotency-Key": "once"})
    yield Flow("a repeated order", before + 2, len(shop.listed()), "a client repeats a POST")
    while shop.stock(1) > 1:
        shop.reduce(1)
    together = threading.Barrier(2)
    statuses = []

    def buy():
        together.wait(10)
        statuses.append(shop.order("ann", 1).status_code)

    buyers = [threading.Thread(target=buy) for _ in range(2)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join(20)
    yield Flow("two buyers of the last item", [200, 200], sorted(statuses),
               "two buyers, one item")


def date_flow(start_stack):
    """On a machine that is nine hours ahead."""
    shop = Shop(start_stack(both={"TZ": "JST-9"}))
    shop.order("ann", 2)
    date = datetime.fromisoformat(shop.listed()[0]["order_date"])
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    yield Flow("the hours that an order's date is ahead of UTC", 9,
               round((date - now).total_seconds() / 3600), "`order_date`")


def failure_flows(start_service, start_stack, tmp_path):
    with refusing_port() as port:
        alone = start_service("order-service", INVENTORY_SERVICE_URL=f"http://127.0.0.1:{port}")
        url = f"http://localhost:{alone.port}"
        placed = requests.post(f"{url}/order-product", timeout=10,
                               params={"username": "ann", "product_id": 2})
        yield Flow("an order without an inventory", FAILED, answer(placed),
                   "inventory down or slow")
        yield Flow("products without an inventory", 500,
                   requests.get(f"{url}/list-products", timeout=10).status_code,
                   "inventory down or slow")
    yield crash_flow(start_service, start_stack, tmp_path / "crash")


def crash_flow(start_service, start_stack, directory) -> Flow:
    """The order service dies while it waits for the inventory."""
    with SilentServer() as silent:
        order = start_service("order-service", INVENTORY_SERVICE_URL=silent.url,
                              INVENTORY_TIMEOUT=300, DATA_DIRECTORY=directory)
        client = threading.Thread(target=lambda: pytest.raises(
            requests.ConnectionError, requests.post, f"{order.url}/order-product", timeout=10,
            params={"username": "ann", "product_id": 2}))
        client.start()
        assert silent.received.wait(10)
        order.kill()
        client.join(10)
    shop = Shop(start_stack(directory=directory, order={"INVENTORY_TIMEOUT": 300}))
    deadline = time.monotonic() + 15
    while not (listed := shop.listed()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return Flow("a crash while an item is reserved: orders, items taken", (1, 0),
                (len(listed), 24 - shop.stock(2)), "a crash between the two services")


def test_flows_of_the_replaced_system(start_stack, start_service, tmp_path):
    shop = Shop(start_stack())
    flows = [*everyday_flows(shop), *refused_flows(shop), *repeated_flows(shop),
             *date_flow(start_stack), *failure_flows(start_service, start_stack, tmp_path)]
    assert len(flows) > 30
    for flow in flows:
        if flow.case is None:
            assert flow.here == flow.there, flow
        else:
            assert flow.here != flow.there, f"no difference any more: {flow}"
    for name, (path, word) in SHOWN_ELSEWHERE.items():
        assert word in (REPOSITORY / path).read_text(), name
    found = {flow.case for flow in flows if flow.case} | set(SHOWN_ELSEWHERE)
    assert found == set(documented_cases())


def test_the_table_says_what_is_answered_here():
    """A status that the table gives for here is one that a service describes."""
    from api_document import SERVICES, document_of

    described = {int(status) for service in SERVICES
                 for *_, operation in document_of(service).operations()
                 for status in operation["responses"]}
    text = (REPOSITORY / "README.md").read_text()
    table = text.split("| case | there | here |\n", 1)[1].split("\n\n", 1)[0]
    stated = {int(found) for row in table.splitlines()[1:]
              for found in re.findall(r"\b[45]\d\d\b(?! characters)", row.split("|")[3])}
    assert stated - described <= {500}, "500 is a defect, which no description promises"
