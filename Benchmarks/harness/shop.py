"""Both services of the project, for benchmarks that order."""

import contextlib
import os
import sqlite3
import statistics
import time
import urllib.request
from pathlib import Path

from harness.process import RunningServer

STOCK = 1_000_000_000
ORDER_PATH = "/order-product?username=ann&product_id=2"


class Shop:
    """Both services, telemetry on, exporting to `sink`."""

    title = "ostack"

    def __init__(self, builder, sink):
        self._order = builder.own_product("order-service")
        self._inventory = builder.own_product("inventory-service")
        self._counter = builder.c_program(
            "SyncCounter/sync_counter.c", "sync_counter.so", "-shared", "-fPIC")
        self._sink = sink

    @contextlib.contextmanager
    def running(self, directory, orders=0, is_counting=False):
        """Both services, with a stock that does not run out. Yields order and inventory.

        `orders`: how many there are already. `is_counting`: their fsyncs are counted."""
        environment = {
            "DATA_DIRECTORY": str(directory), "TELEMETRY": "otlp",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self._sink.port}",
            "ORDER_SERVICE_HOST": "127.0.0.1", "ORDER_SERVICE_PORT": "0",
            "INVENTORY_SERVICE_HOST": "127.0.0.1", "INVENTORY_SERVICE_PORT": "0",
        }
        if orders > 0:
            with self._start(self._order, environment, directory / "making", False):
                pass
            fill(directory / "orders.sqlite", orders)
        with contextlib.ExitStack() as stack:
            inventory = stack.enter_context(
                self._start(self._inventory, environment, directory / "inventory", is_counting))
            restock = urllib.request.Request(
                f"http://127.0.0.1:{inventory.port}/restock?product_id=2&quantity={STOCK}",
                method="POST")
            with urllib.request.urlopen(restock, timeout=10):
                pass
            environment["INVENTORY_SERVICE_URL"] = f"http://127.0.0.1:{inventory.port}"
            yield stack.enter_context(
                self._start(self._order, environment, directory / "order", is_counting)), inventory

    def _start(self, program, environment, folder, is_counting):
        folder.mkdir()
        if is_counting:
            environment = {**environment, "LD_PRELOAD": str(self._counter),
                           "SYNC_COUNTER_FILE": str(folder / "syncs")}
        return RunningServer([program], environment, folder)


def syncs(service):
    """How often a service that counts has called fsync or fdatasync."""
    return int.from_bytes((service.directory / "syncs").read_bytes(), "little")


def fill(path, count):
    """Writes `count` confirmed orders into the database of a service that has ended."""
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(
            """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?)
            INSERT INTO orders (username, product_id, product_name, order_date, status, nonce)
            SELECT 'customer' || i, 2, 'Smartphone', '2026-01-31T12:34:56.789012', 'confirmed',
              'f00dfeed' || i FROM n""", (count,))


def disk_sync_seconds(directory, count=200):
    """The median time of an fdatasync after a small write, on the disk of `directory`."""
    path = Path(directory) / "probe"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        times = []
        for _ in range(count):
            os.pwrite(descriptor, bytes(4096), 0)
            begin = time.perf_counter()
            os.fdatasync(descriptor)
            times.append(time.perf_counter() - begin)
    finally:
        os.close(descriptor)
        path.unlink()
    return statistics.median(times)

