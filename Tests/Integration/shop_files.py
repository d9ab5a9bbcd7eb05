"""What both databases hold, read beside the services, and the invariant that binds them.

An item is gone from the stock exactly when an order has it: for every product, what there was at
first and what was added, less what is left, is what confirmed orders and those pending orders took
that hold a reservation.
"""

import contextlib
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FIRST_STOCK = {1: 8, 2: 24, 3: 15, 4: 50, 5: 30}


@contextlib.contextmanager
def reading(path: Path):
    """One snapshot of a database that others may write. Leaves the file and its log as they are."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10, isolation_level=None)
    try:
        database.execute("BEGIN")
        yield database
    finally:
        database.close()


@dataclass
class StockSnapshot:
    stock: dict[int, int]
    restocked: Counter
    reserved: dict[str, int]  # the product by the key of the reservation that took it

    @classmethod
    def read(cls, directory: Path) -> "StockSnapshot":
        with reading(directory / "inventory.sqlite") as database:
            restocked = Counter()
            for product, quantity in database.execute(
                    "SELECT product_id, quantity FROM restocks WHERE outcome = 'restocked'"):
                restocked[product] += quantity
            return cls(
                dict(database.execute("SELECT id, stock FROM products")), restocked,
                dict(database.execute(
                    "SELECT key, product_id FROM reservations WHERE outcome = 'reduced'")))

    def assert_balanced(self):
        """Nothing but reservations has taken anything."""
        taken = Counter(self.reserved.values())
        for product, first in FIRST_STOCK.items():
            gone = first + self.restocked[product] - self.stock[product]
            assert gone == taken[product], (
                f"product {product}: {gone} are gone, {taken[product]} are reserved")


@dataclass
class OrdersSnapshot:
    confirmed: dict[str, tuple]  # (id, product, username) by the key of the reservation
    pending: dict[str, tuple]

    @classmethod
    def read(cls, directory: Path) -> "OrdersSnapshot":
        with reading(directory / "orders.sqlite") as database:
            [[store]] = database.execute("SELECT store_id FROM identity")
            by_state = {"confirmed": {}, "pending": {}, "rejected": {}}
            for number, nonce, product, username, state in database.execute(
                    "SELECT order_id, nonce, product_id, username, status FROM orders"):
                # Those of the first version have no nonce.
                key = f"{store}-{number}" if nonce is None else f"{store}-{nonce}-{number}"
                by_state[state][key] = (number, product, username)
            return cls(by_state["confirmed"], by_state["pending"])


def assert_consistent(directory: Path, is_settled: bool = False) -> OrdersSnapshot:
    """The invariant, at any moment: neither service needs to rest, or to run.

    What was reserved before the orders are read must belong to one of them; what is confirmed then
    must be reserved afterwards. With `is_settled` nothing may be pending, so both are the same.
    """
    before = StockSnapshot.read(directory)
    orders = OrdersSnapshot.read(directory)
    after = StockSnapshot.read(directory)
    for stock in (before, after):
        stock.assert_balanced()
    products = {key: order[1] for key, order in (orders.confirmed | orders.pending).items()}
    for key, product in before.reserved.items():
        assert products.get(key) == product, f"{key} is reserved for an order that is not there"
    for key, (number, product, username) in orders.confirmed.items():
        assert after.reserved.get(key) == product, (
            f"order {number} of {username} is confirmed, but nothing is reserved for it")
    if is_settled:
        assert not orders.pending, orders.pending
        assert len(before.reserved) == len(orders.confirmed)
    return orders


def assert_sound(path: Path):
    """The file's own structure."""
    with reading(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)], path
