"""The images under Compose, as docker-compose.yml has them: small, without privileges, healthy,
serving, exporting, and drained when told to stop. Scripts/images-test.sh builds what this needs."""

import json
import os
import secrets
import subprocess
import sysconfig
from pathlib import Path

import pytest

from raw_http import request
from repository import COMPOSE, ROOT, tool

pytestmark = pytest.mark.skipif("OSTACK_IMAGES_TEST" not in os.environ,
                                reason="needs a Docker engine and built images: make images-test")
SERVICES = {"order-service": 8000, "inventory-service": 8010}
PROJECT = "ostack-images-test"
BEYOND_BASE_MEGABYTES_MAX = 60
STATEMENT = {"spans", "logs", "metrics", "violations"}


def docker(*arguments, check: bool = True) -> subprocess.CompletedProcess:
    run = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0 or not check, f"docker {arguments}: {run.stdout}{run.stderr}"
    return run


class Project:
    """The two services and a receiver, in containers."""

    def __init__(self):
        self.environment = os.environ | {
            "OSTACK_TESTS": str(ROOT / "Tests"),
            "OSTACK_PACKAGES": sysconfig.get_paths()["purelib"]}

    def compose(self, *arguments, check: bool = True) -> str:
        run = subprocess.run(
            [tool("docker-compose"), "-p", PROJECT, "-f", str(ROOT / COMPOSE),
             "-f", str(Path(__file__).parent / "images" / "compose.yml"),
             "--project-directory", str(ROOT), *arguments],
            capture_output=True, text=True, env=self.environment, timeout=180)
        assert run.returncode == 0 or not check, run.stdout + run.stderr
        return run.stdout

    def container(self, service: str) -> str:
        return self.compose("ps", "-q", "-a", service).strip()

    def inspect(self, service: str) -> dict:
        return json.loads(docker("inspect", self.container(service)).stdout)[0]

    def port(self, service: str) -> int:
        return int(self.compose("port", service, str(SERVICES[service])).rpartition(":")[2])

    def log(self, service: str) -> list[dict]:
        lines = docker("logs", self.container(service)).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def execute(self, service: str, *command) -> subprocess.CompletedProcess:
        return docker("exec", self.container(service), *command, check=False)


@pytest.fixture(scope="module")
def project():
    project = Project()
    project.compose("down", "--volumes")
    try:
        project.compose("up", "-d", "--no-build", "--wait", *SERVICES)
        yield project
    except AssertionError as error:
        raise AssertionError(f"{error}\n{project.compose('logs', check=False)}") from None
    finally:
        project.compose("down", "--volumes", "--timeout", "10")


@pytest.mark.parametrize("target", [*SERVICES, "tools"])
def test_image_is_small(target):
    sizes = {image: json.loads(docker("image", "inspect", image).stdout)[0]["Size"]
             for image in (f"ostack-{target}", os.environ["OSTACK_BASE_IMAGE"])}
    image, base = sizes.values()
    print(f"ostack-{target}: {(image - base) / 1e6:.1f} MB beyond its base of {base / 1e6:.0f} MB")
    assert 0 < image - base < BEYOND_BASE_MEGABYTES_MAX * 1_000_000


@pytest.mark.parametrize("service", SERVICES)
def test_is_healthy_without_privileges(project, service):
    state = project.inspect(service)
    assert state["State"]["Health"]["Status"] == "healthy"
    host = state["HostConfig"]
    assert host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"] and not host["Privileged"]
    assert host["Memory"] == 128 * 2**20
    assert project.execute(service, "id", "-u").stdout.strip() == "10001"
    status = dict(line.split(":\t") for line in project.execute(
        service, "cat", "/proc/1/status").stdout.splitlines() if ":\t" in line)
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0, kind
    assert status["NoNewPrivs"].strip() == "1"
    refused = project.execute(service, "touch", "/usr/local/bin/x")
    assert refused.returncode != 0 and "Read-only file system" in refused.stderr
    print(f"{service}: {int(status['VmRSS'].split()[0]) / 1024:.0f} MiB resident")


@pytest.mark.parametrize("service, variable", [("order-service", "ORDER_SERVICE_PORT"),
                                               ("inventory-service", "INVENTORY_SERVICE_PORT")])
def test_health_check_tells_both(project, service, variable):
    assert project.execute(service, service, "healthcheck").returncode == 0
    wrong = docker("exec", "-e", f"{variable}=9", project.container(service), service,
                   "healthcheck", check=False)
    assert wrong.returncode == 1 and len(wrong.stderr.strip().splitlines()) == 1


def test_an_order_is_served_exported_and_kept(project):
    """One conversation, in order: serve, stop, look at what was exported, start again."""
    order, trace = project.port("order-service"), secrets.token_hex(16)
    answer = request(order, "POST", "/order-product?username=ann&product_id=2",
                     f"traceparent: 00-{trace}-{secrets.token_hex(8)}-01\r\n")
    assert answer.status == 200
    [product] = [entry for entry in json.loads(
        request(project.port("inventory-service"), "GET", "/list-products").body)
        if entry["id"] == 2]
    assert product["stock"] == 23

    project.compose("stop", *SERVICES)
    for service in SERVICES:
        assert project.inspect(service)["State"]["ExitCode"] == 0
        messages = [record["message"] for record in project.log(service)]
        assert messages[-2:] == ["draining", "stopped"], messages

    project.compose("stop", "otel-collector")
    received = json.loads(docker("logs", project.container("otel-collector")).stdout)
    assert set(received) == STATEMENT and received["violations"] == []
    assert {(service, kind, name) for service, kind, name, trace_id in received["spans"]
            if trace_id == trace} == {
        ("order-service", "SERVER", "POST /order-product"),
        ("order-service", "INTERNAL", "order_product_endpoint"),
        ("order-service", "CLIENT", "INSERT orders"),
        ("order-service", "CLIENT", "POST"),
        ("order-service", "CLIENT", "UPDATE orders"),
        ("inventory-service", "SERVER", "POST /reduce-stock"),
        ("inventory-service", "INTERNAL", "reduce_stock_endpoint"),
        ("inventory-service", "CLIENT", "UPDATE products")}
    assert {service for service, _, trace_id in received["logs"] if trace_id == trace} == \
        set(SERVICES)
    assert {"order-service orders.placed", "inventory-service inventory.stock"} <= \
        set(received["metrics"])

    project.compose("up", "-d", "--no-build", "--wait", *SERVICES)
    listed = json.loads(request(project.port("order-service"), "GET", "/list-orders").body)
    assert [(entry["username"], entry["product_id"]) for entry in listed] == [("ann", 2)]


def test_tools_reach_the_services_from_their_image(project):
    """There are no backends here: the check's own part, the order, and a load."""
    explained = project.compose("run", "--rm", "-T", "--no-deps", "ostack-check", "ostack-check",
                                "--explain")
    hops = [line for line in explained.splitlines() if not line.startswith(" ")]
    asked = {"stock", "order", "order list"}
    assert asked < set(hops)
    checked = project.compose(
        "run", "--rm", "-T", "--no-deps", "ostack-check", "ostack-check", "--deadline=30",
        *[f"--without={hop}" for hop in hops if hop not in asked])
    assert f"3 of {len(hops)} hops proven, 0 with a gap" in checked
    loaded = json.loads(project.compose(
        "run", "--rm", "-T", "--no-deps", "ostack-load", "ostack-load", "--rate=20", "--duration=2",
        "--arrivals=constant", "--drain=60", "--json"))
    assert loaded["endpoints"]["all"]["sent"] == 40 and loaded["endpoints"]["all"]["failed"] == 0
