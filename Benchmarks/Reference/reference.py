"""The FastAPI system that this project replaces, side by side with it: both services of each, all
instrumented, exporting to a sink. Its folder is given by FASTAPI_REFERENCE_DIRECTORY."""

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import report
from harness.load import run_wrk
from harness.process import RunningServer, free_port
from harness.rounds import medians
from harness.shop import ORDER_PATH, STOCK, Shop
from harness.tools import Unavailable

HERE = Path(__file__).resolve().parent
VARIABLE = "FASTAPI_REFERENCE_DIRECTORY"
PYTHON_VARIABLE = "FASTAPI_REFERENCE_PYTHON"
CONNECTIONS = 64
# Long enough for the reference, whose slowest answers take seconds under this load.
ANSWER_SECONDS_MAX = 14

# What is compared: name, path, script of wrk.
LOADS = (
    ("GET /health", "/health", None),
    ("GET /list-products", "/list-products", None),
    ("POST /order-product", ORDER_PATH, HERE / "order.lua"),
)


class Reference:
    """The FastAPI services, with a Python environment of their own below `scratch`."""

    title = "FastAPI reference"

    def __init__(self, scratch):
        folder = os.environ.get(VARIABLE)
        if not folder:
            raise Unavailable(f"left out: {VARIABLE} is not set")
        self._folder = Path(folder).resolve()
        if not (self._folder / "order-service" / "requirements.txt").exists():
            raise Unavailable(f"left out: {VARIABLE}={folder} holds no order-service")
        self._python = self._environment(Path(scratch) / "reference-venv")

    def _environment(self, venv):
        python = venv / "bin" / "python"
        chosen = os.environ.get(PYTHON_VARIABLE, sys.executable)
        requirements = self._folder / "order-service" / "requirements.txt"
        for command in ([chosen, "-m", "venv", str(venv)],
                        [str(python), "-m", "pip", "install", "--quiet",
                         "--disable-pip-version-check", "-r", str(requirements)]):
            finished = subprocess.run(command, capture_output=True, text=True, check=False)
            if finished.returncode != 0:
                raise Unavailable(f"left out: {finished.stderr.strip()[-300:]}")
        return python

    @contextlib.contextmanager
    def running(self, directory):
        """Both services over new databases. Yields order and inventory."""
        with contextlib.ExitStack() as stack:
            sink = stack.enter_context(RunningServer(
                [self._python, HERE / "grpc_sink.py"], {}, _folder(directory, "sink"), path=None))
            environment = {
                "APP_ENV": "dev", "OTLP_GRPC_ENDPOINT": f"http://127.0.0.1:{sink.port}"}
            inventory = stack.enter_context(
                self._service("inventory-service", directory, environment))
            environment["INVENTORY_SERVICE_URL"] = f"http://127.0.0.1:{inventory.port}"
            yield stack.enter_context(
                self._service("order-service", directory, environment)), inventory

    def _service(self, name, directory, environment):
        folder = directory / name
        shutil.copytree(self._folder / name, folder)
        if name == "inventory-service":
            with contextlib.closing(sqlite3.connect(folder / "app" / "inventory.db")) as database:
                database.execute("UPDATE products SET stock = ?", (STOCK,))
                database.commit()
        port = free_port()
        return RunningServer(
            [self._python, "-m", "uvicorn", "app.main:app", "--host", "127.0.0.1",
             "--port", str(port)], environment, folder, port=port, ready_seconds_max=60)


def _folder(directory, name):
    folder = directory / name
    folder.mkdir()
    return folder


def compare(builder, sink, *, rounds, seconds, seed):
    """Runs both systems in every round, in a shuffled order. Returns the medians by load."""
    systems = [Reference(builder.scratch), Shop(builder, sink)]
    seen = {name: {system.title: [] for system in systems} for name, *_ in LOADS}
    order = random.Random(seed)
    for number in range(1, rounds + 1):
        order.shuffle(systems)
        for system in systems:
            with tempfile.TemporaryDirectory(prefix="ostack-bench-") as directory:
                with system.running(Path(directory)) as services:
                    for name, path, script in LOADS:
                        one = _load(services, path, script, seconds)
                        seen[name][system.title].append(one)
                        print(f"round {number}  {system.title:18} {name:20} "
                              f"{one['requests_per_second']:9,.0f} requests/s", flush=True)
    return {name: {title: medians(values) for title, values in one.items()}
            for name, one in seen.items()}


def _load(services, path, script, seconds):
    url = f"http://127.0.0.1:{services[0].port}{path}"
    run_wrk(url, 1, CONNECTIONS, script, ANSWER_SECONDS_MAX)
    before = sum(sum(service.cpu_seconds()) for service in services)
    result = run_wrk(url, seconds, CONNECTIONS, script, ANSWER_SECONDS_MAX)
    after = sum(sum(service.cpu_seconds()) for service in services)
    result["cpu_seconds_per_request"] = (after - before) / max(1, result["requests"])
    result["loaded_bytes"] = sum(service.memory_bytes() for service in services)
    return result


def table(results):
    """A row for each load and system."""
    rows = [("both services, telemetry on", "req/s", "ratio", "p50 ms", "p99 ms", "CPU µs",
             "ratio", "MB", "errors")]
    for name, systems in results.items():
        slow = systems[Reference.title]
        for title, one in systems.items():
            rate = one["requests_per_second"] / max(1e-9, slow["requests_per_second"])
            cpu = slow["cpu_seconds_per_request"] / max(1e-9, one["cpu_seconds_per_request"])
            rows.append((
                f"{name}, {title}", f"{one['requests_per_second']:,.0f}", f"{rate:.1f}",
                report.milliseconds(one.get("p50_seconds")),
                report.milliseconds(one.get("p99_seconds")),
                f"{one['cpu_seconds_per_request'] * 1e6:,.0f}", f"{cpu:.1f}",
                f"{one['loaded_bytes'] / 1e6:.0f}",
                f"{one['failed_status'] + one['socket_errors']}"))
    return report.align(rows)
