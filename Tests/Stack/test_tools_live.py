"""ostack-check and ostack-load against the real services: the check with a real Prometheus, traces
and lines as the services sent them, and a bucket whose server checks signatures."""

import datetime
import json
import re
import signal
import subprocess

import pytest

from exposition import Exposition
from ostack_processes import BINARIES, Process, Stack, clean_environment
from otlp_receiver import FAST_EXPORT, OTLPReceiver
from prometheus_process import Prometheus
from raw_http import request
from repository import tool
from s3_server import S3Server
from telemetry_backends import Backends

# No collector runs here, and Prometheus scrapes nothing but itself and the services.
WITHOUT = ("span metrics", "scrapes")


class World:
    """Services, receiver, backends: everything that a check asks."""

    def __init__(self, directory, **order_settings):
        self.receiver = OTLPReceiver()
        self.exposition = Exposition(self.receiver)
        self.store = S3Server("key", "secret")
        self.store.buckets["loki"] = [("index/old", 1, "2020-01-01T00:00:00Z"),
                                      ("fake/old", 1, "2020-01-01T00:00:00Z")]
        self.backends = Backends(self.receiver, self.flush)
        self.stack = self.prometheus = None
        settings = self.receiver.settings() | FAST_EXPORT | {
            "OTEL_METRIC_EXPORT_INTERVAL": 300,
            "OTEL_RESOURCE_ATTRIBUTES": "service.namespace=ostack"}
        try:
            self.stack = Stack(directory, settings, order=order_settings)
            (directory / "prometheus").mkdir()
            self.prometheus = Prometheus(tool("prometheus"), directory / "prometheus",
                                         self.exposition.target, self.stack)
        except BaseException:
            self.close()
            raise

    def flush(self):
        if self.receiver.logs():
            now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            self.store.buckets["loki"].append((f"fake/{len(self.store.buckets['loki'])}", 9, now))

    def check(self, *arguments, **settings) -> subprocess.CompletedProcess:
        environment = {
            "ORDER_SERVICE_URL": self.stack.order.url,
            "INVENTORY_SERVICE_URL": self.stack.inventory.url,
            "JAEGER_URL": f"{self.backends.url}/jaeger", "LOKI_URL": f"{self.backends.url}/loki",
            "PROMETHEUS_URL": self.prometheus.url, "GRAFANA_URL": f"{self.backends.url}/grafana",
            "ELASTICSEARCH_URL": f"{self.backends.url}/es", "S3_URL": self.store.url,
            "S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "secret"}
        return subprocess.run(
            [BINARIES / "ostack-check", *[f"--without={name}" for name in WITHOUT], *arguments],
            capture_output=True, text=True, timeout=300,
            env=clean_environment(**(environment | settings)))

    def close(self):
        if self.prometheus is not None:
            self.prometheus.stop()
        if self.stack is not None:
            self.stack.discard()
        self.backends.close()
        self.store.close()
        self.exposition.close()
        self.receiver.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("world"))
    yield world
    world.close()


def gaps(output: str) -> set[str]:
    table = output.split("\n\n")[0].splitlines()[1:]
    rows = [re.split(r"  +", line.strip()) for line in table]
    return {row[0] for row in rows if row[2].startswith(("GAP", "NOT ASKED"))}


def test_an_order_is_found_everywhere(world):
    stock = json.loads(request(world.stack.inventory.port, "GET", "/list-products").body)
    for _ in range(2):  # what the first one left must not be taken for the second one's
        run = world.check()
        assert run.returncode == 0, run.stdout + run.stderr
        assert "15 of 17 hops proven, 0 with a gap, 2 left out" in run.stdout
        trace_id = re.search(r"trace ([0-9a-f]+)", run.stdout)[1]
        assert any(span.trace_id.startswith(trace_id) for span in world.receiver.spans())
    # What was ordered was added before.
    assert json.loads(request(world.stack.inventory.port, "GET", "/list-products").body) == stock
    orders = json.loads(request(world.stack.order.port, "GET", "/list-orders").body)
    assert [order["username"] for order in orders] == ["ostack-check"] * 2
    assert world.store.refusals == []


@pytest.mark.parametrize("settings, code", [
    ({"S3_SECRET_ACCESS_KEY": "wrong"}, "SignatureDoesNotMatch"),
    ({"S3_ACCESS_KEY_ID": "other"}, "InvalidAccessKeyId"),
    ({"S3_REGION": "eu-west-1"}, "AuthorizationHeaderMalformed"),
    ({"S3_BUCKET": "other"}, "NoSuchBucket"),
])
def test_a_bucket_that_cannot_be_entered_is_a_gap(world, settings, code):
    run = world.check("--deadline=20", **settings)
    assert run.returncode == 1 and gaps(run.stdout) == {"bucket"}, run.stdout
    assert code in run.stdout


@pytest.mark.parametrize("settings, expected", [
    ({"OTEL_TRACES_EXPORTER": "none"}, {"trace"}),
    ({"OTEL_LOGS_EXPORTER": "none"}, {"logs"}),
    ({"OTEL_METRICS_EXPORTER": "none"}, {"metrics"}),
])
def test_a_service_that_keeps_a_signal_to_itself_is_noticed(tmp_path, settings, expected):
    """One service of two: the other one's part arrives, and is not enough."""
    world = World(tmp_path, **settings)
    try:
        run = world.check("--deadline=10")
    finally:
        world.close()
    assert run.returncode == 1 and gaps(run.stdout) == expected, run.stdout
    assert "order-service" in run.stdout.split("\n\n")[1]


# ---------------------------------------------------------------- load

@pytest.fixture
def shop(tmp_path):
    receiver = OTLPReceiver()
    stack = Stack(tmp_path, receiver.settings() | FAST_EXPORT)
    yield stack, receiver
    stack.discard()
    receiver.close()


def load(stack: Stack, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [BINARIES / "ostack-load", "--json", *arguments], capture_output=True, text=True,
        timeout=300, env=clean_environment(ORDER_SERVICE_URL=stack.order.url,
                                           INVENTORY_SERVICE_URL=stack.inventory.url))


def stock_of(stack: Stack) -> int:
    products = json.loads(request(stack.inventory.port, "GET", "/list-products").body)
    return sum(product["stock"] for product in products)


def test_a_load_is_what_it_says(shop):
    stack, receiver = shop
    before = stock_of(stack)
    run = load(stack, "--rate=60", "--duration=3", "--arrivals=constant", "--seed=1", "--drain=120")
    assert run.returncode == 0, run.stdout + run.stderr
    result = json.loads(run.stdout)
    total = result["endpoints"]["all"]
    assert total["sent"] == 180 and result["unsent"] == 0
    assert total["failed"] == 0 and result["restocks"] >= 5
    assert len(run.stderr.splitlines()) >= 2  # a line a second
    times = total["response_ms"]
    assert 0 < times["p50"] <= times["p90"] <= times["p99"] <= times["p99.9"] <= times["max"]

    # Every order that it counts is one, and what was sold is gone from the stock.
    orders = json.loads(request(stack.order.port, "GET", "/list-orders").body)
    sold = result["endpoints"]["order"]["ok"]
    assert len(orders) == sold
    quantity = 600  # ten seconds' worth, at 60 a second
    assert stock_of(stack) == before + quantity * result["restocks"] - sold
    assert {order["username"] for order in orders} <= {f"customer-{n}" for n in range(1, 21)}

    # Each request is the root of a trace of its own, as the services see it.
    stack.stop()
    servers = [span for span in receiver.spans() if span.kind == "SERVER" and span.parent_id]
    roots = {span.trace_id for span in servers}
    assert len(roots) == 180


def test_the_same_seed_is_the_same_load(shop):
    stack, _ = shop
    arguments = ("--rate=50", "--duration=2", "--seed=7", "--drain=120",
                 "--mix=stock=1,list-orders=2")
    first, second = (json.loads(load(stack, *arguments).stdout) for _ in range(2))
    counts = [{name: entry["sent"] for name, entry in result["endpoints"].items()}
              for result in (first, second)]
    assert counts[0] == counts[1] and set(counts[0]) == {"stock", "list-orders", "all"}


def test_a_shop_without_its_inventory_fails_the_load(shop):
    stack, _ = shop
    arguments = ("--rate=20", "--duration=1", "--mix=order=1", "--timeout=20000", "--drain=120")
    stack.inventory.send_signal(signal.SIGSTOP)
    try:
        run = load(stack, *arguments, "--timeout=500")
        assert run.returncode == 1 and "list-products" in run.stderr  # nothing to begin with
    finally:
        stack.inventory.send_signal(signal.SIGCONT)


def test_a_load_ends_early_when_it_is_told(shop):
    stack, _ = shop
    process = Process(
        [BINARIES / "ostack-load", "--json", "--rate=20", "--duration=0"],
        clean_environment(ORDER_SERVICE_URL=stack.order.url,
                          INVENTORY_SERVICE_URL=stack.inventory.url))
    try:
        process.wait_for_line("second", process.err, lambda line: re.search(r"^ +1 s", line))
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0, process.describe()
    finally:
        process.kill()
    result = json.loads("\n".join(process.out.lines))
    assert result["stopped"] is True and result["unsent"] == 0
    assert result["endpoints"]["all"]["sent"] > 0


@pytest.mark.parametrize("arguments, complaint", [
    (["--rate=0"], "--rate"), (["--rate=100001"], "--rate"), (["--duration=-1"], "--duration"),
    (["--connections=0"], "--connections"), (["--connections=4097"], "--connections"),
    (["--mix=x=1"], "--mix"), (["--arrivals=x"], "--arrivals"), (["--timeout=0"], "--timeout"),
    (["--drain=3601"], "--drain"), (["--failures-max=101"], "--failures-max"),
    (["--order-service=x"], "ORDER_SERVICE_URL"), (["--seed=-1"], "--seed"),
])
def test_bad_loads_are_refused(arguments, complaint):
    run = subprocess.run([BINARIES / "ostack-load", *arguments], capture_output=True, text=True,
                         timeout=60, env=clean_environment())
    assert run.returncode == 64 and complaint in run.stderr and run.stdout == "", run.stderr
