"""A bounded run of chaos.py, and that its checks see what they are there for."""

import contextlib
import sqlite3

import pytest

from chaos import Chaos
from raw_http import request
from shop_files import assert_consistent

KILLS = 20
SEED = 20261128


def test_nothing_is_lost_doubled_or_oversold(tmp_path, report):
    figures = Chaos(tmp_path, KILLS, SEED).run()
    assert figures["harm"]["kill"] >= KILLS
    assert figures["last answers"]["200"] > 0
    report(f"chaos: {figures}")


HARM = {
    "a confirmed order without its item": (
        "orders", "UPDATE orders SET status = 'confirmed', product_name = '' WHERE order_id = 2"),
    "an item without its order": ("orders", "DELETE FROM orders WHERE order_id = 1"),
    "an order confirmed for another product": (
        "orders", "UPDATE orders SET product_id = 3 WHERE order_id = 1"),
    "an item sold twice": ("inventory", "UPDATE products SET stock = stock + 1 WHERE id = 2"),
    "an item lost": ("inventory", "UPDATE products SET stock = stock - 1 WHERE id = 2"),
    "a forgotten reservation": ("inventory", "DELETE FROM reservations"),
}


@pytest.mark.parametrize("file, statement", HARM.values(), ids=HARM.keys())
def test_the_invariant_notices(start_stack, tmp_path, file, statement):
    stack = start_stack(directory=tmp_path)
    assert request(stack.order.port, "POST",
                   "/order-product?username=ann&product_id=2").status == 200
    stack.stop()
    with contextlib.closing(sqlite3.connect(tmp_path / "orders.sqlite")) as database, database:
        database.execute("INSERT INTO orders (username, product_id, order_date, status, nonce)"
                         " VALUES ('bob', 2, '2026-01-31T00:00:00.000000', 'pending', 'n')")
    assert len(assert_consistent(tmp_path).pending) == 1
    with contextlib.closing(sqlite3.connect(tmp_path / f"{file}.sqlite")) as database, database:
        database.execute(statement)
    with pytest.raises(AssertionError):
        assert_consistent(tmp_path)
