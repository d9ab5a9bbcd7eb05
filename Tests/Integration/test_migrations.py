"""Both services over the files of earlier versions: nothing is lost, and what these left undecided
is settled."""

import contextlib
import sqlite3
import time

import pytest

from ostack_processes import REPOSITORY
from raw_http import request
from shop_files import OrdersSnapshot, StockSnapshot, assert_sound

SCHEMAS = {"orders": "OrderCoreTests", "inventory": "InventoryCoreTests"}


@pytest.mark.parametrize("version", [1, 2])
def test_files_of_an_earlier_version(start_stack, tmp_path, version):
    for name, tests in SCHEMAS.items():
        sql = (REPOSITORY / "Tests" / tests / "Schemas" / f"{name}-v{version}.sql").read_text()
        with contextlib.closing(sqlite3.connect(tmp_path / f"{name}.sqlite")) as database:
            database.executescript(sql)
    stack = start_stack(directory=tmp_path)
    deadline = time.monotonic() + 30
    while OrdersSnapshot.read(tmp_path).pending:
        assert time.monotonic() < deadline, stack.order.describe()
        time.sleep(0.02)

    listed = request(stack.order.port, "GET", "/list-orders").json()
    assert [(order["order_id"], order["username"], order["product_name"]) for order in listed] == [
        (1, "ann", "Smartphone"), (3, "eve", "Tablet"), (4, "dan", "Headphones"),
        (5, "naïve 🧾", "Smartphone")]
    products = request(stack.inventory.port, "GET", "/list-products").json()
    # Eve had her item already; Dan got his now.
    assert [product["stock"] for product in products] == [8, 22, 14, 49, 30]
    orders, stock = OrdersSnapshot.read(tmp_path), StockSnapshot.read(tmp_path)
    stock.assert_balanced()
    assert orders.confirmed.keys() == stock.reserved.keys()
    if version == 2:
        again = request(stack.order.port, "POST", "/order-product?username=eve&product_id=3",
                        "idempotency-key: key-3\r\n")
        assert (again.status, again.json()["order_id"]) == (200, 3)
    new = request(stack.order.port, "POST", "/order-product?username=new&product_id=5")
    assert (new.status, new.json()["order_id"]) == (200, 6)
    stack.stop()
    for name in SCHEMAS:
        assert_sound(tmp_path / f"{name}.sqlite")
