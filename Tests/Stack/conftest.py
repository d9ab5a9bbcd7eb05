"""Fixtures: what the services really send, and a real Prometheus that takes it."""

import sys
from pathlib import Path

import pytest

from repository import ROOT, tool

sys.path.insert(0, str(ROOT / "Tests" / "Integration"))

from ostack_processes import BINARIES, Stack  # noqa: E402
from otlp_receiver import OTLPReceiver  # noqa: E402
from raw_http import request  # noqa: E402


def do_what_people_do(stack: Stack) -> None:
    """Orders that are taken, refused and wrong, and every list: a reason for each metric."""
    order, inventory = stack.order.port, stack.inventory.port
    for product in (1, 2, 3, 4, 5, 99):
        request(order, "POST", f"/order-product?username=ann&product_id={product}")
    request(order, "POST", "/order-product?username=ann&product_id=x")
    for port, path in ((order, "/list-orders"), (order, "/list-products"),
                       (inventory, "/list-products"), (order, "/health"), (order, "/nothing")):
        assert request(port, "GET", path).status in (200, 404)
    for product in (1, 2, 3, 4, 5):  # so that it can be done any number of times
        path = f"/restock?product_id={product}&quantity=1"
        assert request(inventory, "POST", path).status == 200


@pytest.fixture(scope="session")
def emitted(tmp_path_factory) -> list:
    """Every metric that both services sent, each in its last state."""
    receiver = OTLPReceiver()
    settings = receiver.settings() | {
        "OTEL_METRIC_EXPORT_INTERVAL": 300,
        "OTEL_RESOURCE_ATTRIBUTES": "service.namespace=ostack"}
    stack = Stack(tmp_path_factory.mktemp("emitted"), settings)
    try:
        do_what_people_do(stack)
        # The first export is told of by the second.
        receiver.wait_for("what became of metrics", lambda r: any(
            entry.metric.name == "otel.sdk.exporter.metric_data_point.exported"
            for entry in r.metrics()))
        stack.stop()
    finally:
        stack.discard()
        receiver.close()
    latest = {(entry.service, entry.metric.name): entry for entry in receiver.metrics()}
    assert latest, "the services sent no metrics"
    return list(latest.values())


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory):
    """Prometheus with the stack's settings and rules, both services running, and their metrics
    scraped every second."""
    from exposition import Exposition
    from prometheus_process import Prometheus

    receiver = OTLPReceiver()
    exposition = Exposition(receiver)
    stack = server = None
    try:
        settings = receiver.settings() | {
            "OTEL_METRIC_EXPORT_INTERVAL": 300,
            "OTEL_RESOURCE_ATTRIBUTES": "service.namespace=ostack"}
        stack = Stack(tmp_path_factory.mktemp("orders"), settings)
        do_what_people_do(stack)
        server = Prometheus(tool("prometheus"), tmp_path_factory.mktemp("prometheus"),
                            exposition.target, stack)
        yield server
    finally:
        if server is not None:
            server.stop()
        if stack is not None:
            stack.discard()
        exposition.close()
        receiver.close()


def pytest_report_header():
    names = ("promtool", "prometheus", "docker-compose")
    folder = Path(ROOT / ".build" / "stack-tools" / "bin")
    return f"services: {BINARIES}; tools: {[name for name in names if (folder / name).exists()]}"
