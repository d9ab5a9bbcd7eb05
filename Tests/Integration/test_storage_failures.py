"""Disks that are full, files that cannot be used or are gone: what was acknowledged is stored, what
could not be stored is refused with a reason, and when the cause is gone, so is the failure."""

import contextlib
import json
import os
import sqlite3
import subprocess
import time

import pytest

from ostack_processes import Service
from raw_http import ConnectionClosed, ProtocolViolation, request
from shop_files import OrdersSnapshot, assert_consistent

ORDER_STORE = b'{"detail":"Order store unavailable"}'
INVENTORY = b'{"detail":"Inventory service unavailable"}'
DISK_BYTES = 1_000_000
SETTLE_SECONDS_MAX = 40.0


@pytest.fixture
def small_disk(tmp_path):
    """A disk of DISK_BYTES of its own."""
    path = tmp_path / "disk"
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(path)],
        capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"may not mount a disk: {mounted.stderr.strip()}")
    yield path
    subprocess.run(["umount", "--lazy", str(path)], check=True)


def fill(disk):
    """Takes all room that is left. Returns the file that has it."""
    filler = disk / "filler"
    with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler


def order(service: Service, number: int):
    return request(service.port, "POST", f"/order-product?username=u{number}&product_id=4")


def listed(service: Service) -> set[str]:
    return {entry["username"] for entry in request(service.port, "GET", "/list-orders").json()}


def wait_for_error(service: Service, message: str, reason: str):
    """The log line that says what is wrong; lines come a little after the answers."""
    def tells(line: str) -> bool:
        record = json.loads(line)
        return (record["level"], record["message"]) == ("ERROR", message) \
            and reason in record["attributes"]["error"]

    service.wait_for_line(f"error line about: {reason}", service.out, tells)


def wait_until_settled(directory):
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while OrdersSnapshot.read(directory).pending:
        assert time.monotonic() < deadline, "orders stay pending"
        time.sleep(0.05)


@pytest.mark.parametrize("victim, refusal", [("order", ORDER_STORE), ("inventory", INVENTORY)])
def test_a_full_disk(start_service, small_disk, tmp_path, victim, refusal):
    directories = {name: tmp_path / name for name in ("order", "inventory")}
    directories[victim] = small_disk / "data"
    inventory = start_service("inventory-service", DATA_DIRECTORY=directories["inventory"])
    service = start_service(
        "order-service", DATA_DIRECTORY=directories["order"], INVENTORY_TIMEOUT=500,
        INVENTORY_SERVICE_URL=inventory.url)
    # Both databases in one place, for the checks.
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "orders.sqlite").symlink_to(directories["order"] / "orders.sqlite")
    (shop / "inventory.sqlite").symlink_to(directories["inventory"] / "inventory.sqlite")

    acknowledged = {f"u{n}" for n in range(3) if order(service, n).status == 200}
    assert len(acknowledged) == 3
    filler = fill(small_disk)
    refused = 0
    for number in range(3, 60):
        answer = order(service, number)
        if answer.status == 200:
            # The log may have had some room left.
            acknowledged.add(f"u{number}")
            continue
        assert (answer.status, answer.body) == (503, refusal)
        assert int(answer.header("retry-after")) >= 1
        refused += 1
        if refused == 3:
            break
    assert refused == 3
    wait_for_error(service if victim == "order" else inventory, "The store failed",
                   "the disk is full")
    assert listed(service) == acknowledged, "reading goes on, and shows what was acknowledged"
    assert_consistent(shop)

    filler.unlink()
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while order(service, 99).status != 200:  # the breaker leaves the inventory alone for a while
        assert time.monotonic() < deadline, service.describe()
        time.sleep(0.05)
    wait_until_settled(shop)
    assert acknowledged | {"u99"} <= listed(service)
    assert_consistent(shop, is_settled=True)


def refusal_to_start(start_service, name: str) -> str:
    """The one line with which a service refuses."""
    service = start_service(name, wait=False)
    assert service.wait() == 78, service.describe()
    [line] = service.err.lines
    assert service.out.lines == []
    prefix = f"{name}: DATA_DIRECTORY: cannot open the database "
    assert line.startswith(prefix), line
    return line.removeprefix(prefix).partition(": ")[2]


NAMES = {"order-service": "orders.sqlite", "inventory-service": "inventory.sqlite"}


@pytest.mark.parametrize("name", NAMES)
def test_a_disk_that_may_only_be_read(start_service, tmp_path, name):
    assert start_service(name).stop() == 0
    data = tmp_path / "data"
    before = (data / NAMES[name]).read_bytes()
    bound = subprocess.run(["mount", "--bind", data, data], capture_output=True, text=True)
    if bound.returncode != 0:
        pytest.skip(f"may not mount: {bound.stderr.strip()}")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", data], check=True)
        assert refusal_to_start(start_service, name) in (
            "the database cannot be written", "attempt to write a readonly database",
            "unable to open database file")
    finally:
        subprocess.run(["umount", data], check=True)
    assert (data / NAMES[name]).read_bytes() == before
    assert start_service(name).stop() == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_no_database(start_service, tmp_path, name):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / NAMES[name]).write_bytes(b"Not a database, but long enough.\n" * 400)
    assert refusal_to_start(start_service, name) == "file is not a database"


@pytest.mark.parametrize("name", NAMES)
def test_a_later_version(start_service, tmp_path, name):
    assert start_service(name).stop() == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / NAMES[name])) as database, database:
        database.execute("INSERT INTO grdb_migrations VALUES ('99: of a later version')")
    assert refusal_to_start(start_service, name) == "a later version of this program has changed it"


def test_damage_in_the_middle(start_stack, tmp_path):
    """What cannot be read is an error with its reason; what can be is served."""
    start_stack(directory=tmp_path).stop()
    path = tmp_path / "orders.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.executemany(
            "INSERT INTO orders (username, product_id, product_name, order_date, status, nonce)"
            " VALUES (?, 2, 'Smartphone', '2026-01-31T00:00:00.000000', 'confirmed', 'n')",
            [("x" * 500,)] * 5000)
    size = path.stat().st_size
    assert size > 2_000_000
    with open(path, "r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xa5" * 4096 * 20)
    stack = start_stack(directory=tmp_path)
    with pytest.raises((ProtocolViolation, ConnectionClosed)):
        request(stack.order.port, "GET", "/list-orders")
    wait_for_error(stack.order, "The list of orders broke off.", "the database is damaged")
    assert len(request(stack.order.port, "GET", "/list-orders?limit=100").json()) == 100
    assert request(stack.order.port, "GET", "/health").status == 200


def test_a_file_that_was_moved_away(start_stack, tmp_path):
    """Writes to a file that nobody will find are not acknowledged."""
    stack = start_stack(directory=tmp_path)
    assert order(stack.order, 1).status == 200
    path, elsewhere = tmp_path / "orders.sqlite", tmp_path / "elsewhere"
    os.rename(path, elsewhere)
    answer = order(stack.order, 2)
    assert (answer.status, answer.body) == (503, ORDER_STORE)
    wait_for_error(stack.order, "The store failed", "the database's file is not in its place")
    ready = request(stack.order.port, "GET", "/health/ready")
    assert (ready.status, ready.json()["store"]) == (503, "unavailable")
    os.rename(elsewhere, path)
    assert order(stack.order, 3).status == 200
    assert request(stack.order.port, "GET", "/health/ready").status == 200
    assert listed(stack.order) == {"u1", "u3"}
    assert_consistent(tmp_path, is_settled=True)
