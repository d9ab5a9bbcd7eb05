"""Backups of services that serve, and the way back, as docs/operations.md describes it."""

import contextlib
import re
import shutil
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest

from ostack_processes import BINARIES, REPOSITORY, clean_environment
from raw_http import request
from shop_files import OrdersSnapshot, StockSnapshot, assert_consistent, assert_sound

FILES = {"order-service": "orders.sqlite", "inventory-service": "inventory.sqlite"}


def back_up(name: str, directory: Path, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [BINARIES / name, "backup", *map(str, arguments)], capture_output=True, text=True,
        timeout=60, env=clean_environment(DATA_DIRECTORY=directory))


def back_up_both(directory: Path, target: Path):
    """The orders first: what they say is reserved is then in the stock's copy."""
    target.mkdir()
    for name, file in FILES.items():
        done = back_up(name, directory, "--to", target / file)
        assert done.returncode == 0, done
        assert re.fullmatch(
            rf"{re.escape(str(target / file))}: \d+ bytes, integrity checked\n", done.stdout)
        assert done.stderr == ""
        assert_sound(target / file)
    assert sorted(path.name for path in target.iterdir()) == sorted(FILES.values())


class Buyers:
    """Clients who order without a pause."""

    def __init__(self, port: int, count: int = 4):
        self.port = port
        self.ended = threading.Event()
        self.placed: list[int] = []
        self.threads = [threading.Thread(target=self._buy, args=(number,), daemon=True)
                        for number in range(count)]
        for thread in self.threads:
            thread.start()

    def _buy(self, number: int):
        while not self.ended.is_set():
            answer = request(self.port, "POST", f"/order-product?username=b{number}&product_id=4")
            assert answer.status == 200, answer
            self.placed.append(answer.json()["order_id"])

    def wait_for(self, count: int):
        deadline = time.monotonic() + 30
        while len(self.placed) < count:
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def end(self):
        self.ended.set()
        for thread in self.threads:
            thread.join(30)


def restock(port: int, product: int, quantity: int, key: str):
    answer = request(port, "POST", f"/restock?product_id={product}&quantity={quantity}",
                     f"idempotency-key: {key}\r\n")
    assert answer.status == 200, answer


def documented_query() -> str:
    """The statement of docs/operations.md that finds items without an order."""
    text = (REPOSITORY / "docs" / "operations.md").read_text()
    [query] = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    return query


def test_backups_while_serving_and_the_way_back(start_stack, tmp_path):
    stack = start_stack(directory=tmp_path / "data")
    restock(stack.inventory.port, 4, 1_000_000, "first")
    buyers = Buyers(stack.order.port)
    copies = []
    for number in range(3):
        buyers.wait_for(len(buyers.placed) + 20)
        acknowledged = set(buyers.placed)
        copy = tmp_path / f"copy{number}"
        back_up_both(tmp_path / "data", copy)
        copies.append((copy, acknowledged))
    buyers.wait_for(len(buyers.placed) + 20)
    buyers.end()
    stack.stop()

    for copy, acknowledged in copies:
        orders, stock = OrdersSnapshot.read(copy), StockSnapshot.read(copy)
        assert acknowledged <= {number for number, _, _ in orders.confirmed.values()}
        assert orders.confirmed.keys() <= stock.reserved.keys()
        stock.assert_balanced()

    # The way back: nothing of the old files stays, above all no log.
    copy, acknowledged = copies[1]
    data = tmp_path / "data"
    for file in FILES.values():
        for suffix in ("", "-wal", "-shm"):
            (data / f"{file}{suffix}").unlink(missing_ok=True)
        shutil.copy(copy / file, data / file)
    restored = start_stack(directory=data)
    deadline = time.monotonic() + 30
    while OrdersSnapshot.read(data).pending:
        assert time.monotonic() < deadline, "what was pending in the copy is settled"
        time.sleep(0.05)
    listed = {order["order_id"] for order in
              request(restored.order.port, "GET", "/list-orders").json()}
    assert acknowledged <= listed

    # Items of orders that came between the two copies have no order now: they go back.
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        for name in FILES.values():
            database.execute(f"ATTACH ? AS {name.split('.')[0]}", (str(data / name),))
        lost = database.execute(documented_query()).fetchall()
    orders, stock = OrdersSnapshot.read(data), StockSnapshot.read(data)
    missing = stock.reserved.keys() - orders.confirmed.keys()
    assert sum(count for _, count in lost) == len(missing)
    before = stock.stock[4]
    for product, count in lost:
        restock(restored.inventory.port, product, count, f"lost-{product}")
    assert StockSnapshot.read(data).stock[4] == before + len(missing)
    assert request(restored.order.port, "POST",
                   "/order-product?username=after&product_id=4").status == 200


def test_with_the_order_service_stopped_the_pair_is_exact(start_stack, tmp_path):
    stack = start_stack(directory=tmp_path / "data")
    restock(stack.inventory.port, 4, 1000, "first")
    buyers = Buyers(stack.order.port)
    buyers.wait_for(20)
    buyers.end()
    assert stack.order.stop() == 0
    back_up_both(tmp_path / "data", tmp_path / "copy")
    orders = assert_consistent(tmp_path / "copy", is_settled=True)
    assert {number for number, _, _ in orders.confirmed.values()} == set(buyers.placed)


@pytest.mark.parametrize("name", FILES)
def test_what_a_backup_refuses(start_service, tmp_path, name):
    data, copy = tmp_path / "data", tmp_path / "copy.sqlite"
    nothing = back_up(name, data, "--to", copy)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert nothing.stderr == f"{name}: there is no database {data}/{FILES[name]}\n"
    assert not data.exists()

    assert start_service(name).stop() == 0
    copy.write_text("something else")
    kept = back_up(name, data, "--to", copy)
    assert (kept.returncode, kept.stdout) == (1, "")
    assert kept.stderr == f"{name}: {copy} exists; --overwrite replaces it\n"
    assert copy.read_text() == "something else"
    replaced = back_up(name, data, "--to", copy, "--overwrite")
    assert (replaced.returncode, replaced.stderr) == (0, "")
    assert_sound(copy)

    nowhere = back_up(name, data, "--to", tmp_path / "missing" / "copy")
    assert nowhere.returncode == 1
    assert re.fullmatch(rf"{name}: cannot back up to [^\n]*\n", nowhere.stderr)
    for wrong in ([], ["--to"], ["--to", ""], ["--to", f"{tmp_path}/"], ["--from", "x"]):
        assert back_up(name, data, *wrong).returncode == 64
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.sqlite", "data"]
