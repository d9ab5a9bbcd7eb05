"""docker-compose.yml and its variants: one command, healthy, bounded, closed to the outside."""

import json
import os
import re
import subprocess

import pytest

from repository import COMPOSE, CONFIGURATION, DOCUMENT, ROOT, VARIANTS, compose, load, tool

SERVICES = compose()["services"]
OURS = ["order-service", "inventory-service"]
TOOLS = {"ostack-check": "check", "ostack-load": "load"}  # and the profile that starts each
STAYING = {name: service for name, service in SERVICES.items() if name not in TOOLS}
REFERENCE = {"order-service", "inventory-service", "otel-collector", "prometheus", "loki", "minio",
             "jaeger-collector", "jaeger-query", "elasticsearch", "grafana"}
# What may be opened to others; everything else stays on this machine.
OPENABLE = {"order-service": 8000, "inventory-service": 8010, "grafana": 3000,
            "jaeger-query": 16686, "minio": 9001}
LOOPBACK = {"prometheus": {9090}, "loki": {3100}, "minio": {9000}, "elasticsearch": {9200},
            "otel-collector": {4317, 4318}}
UNITS = {"M": 1, "G": 1024}


def mebibytes(text: str) -> int:
    match = re.fullmatch(r"(\d+)([MG])", text)
    return int(match[1]) * UNITS[match[2]]


def memory_sum(services: dict) -> int:
    return sum(mebibytes(service["deploy"]["resources"]["limits"]["memory"])
               for service in services.values())


def rendered(*files: str) -> dict:
    """What Compose itself makes of the files, with no variable set."""
    names = [part for name in files for part in ("-f", str(ROOT / name))]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    run = subprocess.run(
        [tool("docker-compose"), *names, "--env-file", os.devnull, "config", "--format", "json"],
        capture_output=True, text=True, cwd=ROOT, env=environment)
    assert run.returncode == 0 and "variable is not set" not in run.stderr, run.stderr
    return json.loads(run.stdout)


def test_has_every_component_of_the_reference():
    assert set(STAYING) == REFERENCE


@pytest.mark.parametrize("name", STAYING)
def test_service_is_pinned_watched_and_bounded(name):
    service = SERVICES[name]
    tag = service["image"].split("@")[0].rpartition(":")[2]
    assert name in OURS or re.search(r"\d+\.\d+\.\d+|\d{4}-\d\d-\d\d", tag), service["image"]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD", "no shell is needed"
    assert service["logging"]["options"] == {"max-size": "5m", "max-file": "2"}
    assert "no-new-privileges:true" in service["security_opt"]
    assert mebibytes(service["deploy"]["resources"]["limits"]["memory"]) <= 1280
    for mount in service.get("volumes", []):
        source = mount.split(":")[0]
        if source.startswith("./"):
            assert (ROOT / source).exists(), f"{source} is mounted but not there"
            assert mount.endswith(":ro"), mount
        else:
            assert source in compose()["volumes"], f"{source} is no named volume"


@pytest.mark.parametrize("name", OURS)
def test_our_services_have_no_privileges(name):
    service = SERVICES[name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert "privileged" not in service and "user" not in service
    assert service["healthcheck"]["test"] == ["CMD", name, "healthcheck"]


@pytest.mark.parametrize("name", TOOLS)
def test_tools_run_when_they_are_asked_for_and_without_privileges(name):
    service = SERVICES[name]
    assert service["profiles"] == [TOOLS[name]] and service["restart"] == "no"
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert "ports" not in service and "volumes" not in service
    assert service["command"][0] == name
    assert mebibytes(service["deploy"]["resources"]["limits"]["memory"]) <= 128


def test_check_is_given_what_the_stack_uses():
    given, loki = SERVICES["ostack-check"]["environment"], SERVICES["loki"]["environment"]
    grafana = SERVICES["grafana"]["environment"]
    assert given["S3_URL"] == f"http://{loki['S3_ENDPOINT']}"
    for name in ("S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"):
        assert given[name] == loki[name]
    for name in ("USER", "PASSWORD"):
        assert given[f"GRAFANA_ADMIN_{name}"] == grafana[f"GF_SECURITY_ADMIN_{name}"]
    other = load(VARIANTS["seaweedfs"])["services"]
    assert other["ostack-check"]["environment"]["S3_URL"] == \
        f"http://{other['loki']['environment']['S3_ENDPOINT']}"
    # What the light stack does not have is not asked for.
    light = load(VARIANTS["light"])["services"]["ostack-check"]["command"]
    assert light == ["ostack-check", "--without=bucket", "--without=elasticsearch"]


def test_what_is_published():
    openable, loopback = {}, {}
    for name, service in SERVICES.items():
        for port in service.get("ports", []):
            address, host, inside = re.fullmatch(
                r"(\$\{PUBLISH_ADDRESS:-127\.0\.0\.1\}|127\.0\.0\.1):(\d+):(\d+)", port).groups()
            assert host == inside
            if address == "127.0.0.1":
                loopback.setdefault(name, set()).add(int(host))
            else:
                openable[name] = int(host)
    assert openable == OPENABLE
    assert loopback == LOOPBACK


def test_start_is_ordered():
    order = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    for name, wanted in order.items():
        for other, how in wanted.items():
            assert how["condition"] in ("service_healthy", "service_started"), (name, other)
    assert order["order-service"]["inventory-service"]["condition"] == "service_healthy"
    assert order["loki"]["minio"]["condition"] == "service_healthy"
    for name in ("jaeger-collector", "jaeger-query"):
        assert order[name]["elasticsearch"]["condition"] == "service_healthy"
    # A telemetry backend must never keep the shop from opening, nor the collector from taking data.
    assert order["inventory-service"]["otel-collector"]["condition"] == "service_started"
    assert "otel-collector" not in order["order-service"] or \
        order["order-service"]["otel-collector"]["condition"] == "service_started"
    assert order["otel-collector"] == {}


def test_volumes_are_all_used():
    used = {mount.split(":")[0] for service in SERVICES.values()
            for mount in service.get("volumes", [])}
    assert set(compose()["volumes"]) <= used


def test_store_of_the_logs_is_one():
    minio, loki = SERVICES["minio"], SERVICES["loki"]["environment"]
    assert loki["S3_ACCESS_KEY_ID"] == minio["environment"]["MINIO_ROOT_USER"]
    assert loki["S3_SECRET_ACCESS_KEY"] == minio["environment"]["MINIO_ROOT_PASSWORD"]
    assert loki["S3_ENDPOINT"] == "minio:9000"
    assert f"/data/{loki['S3_BUCKET']} " in minio["command"][0]
    other = load(VARIANTS["seaweedfs"])["services"]
    assert other["seaweedfs"]["environment"]["S3_BUCKET"] == loki["S3_BUCKET"]
    assert other["loki"]["environment"]["S3_ENDPOINT"] == "seaweedfs:8333"
    assert other["seaweedfs"]["environment"]["AWS_ACCESS_KEY_ID"] == loki["S3_ACCESS_KEY_ID"]
    assert other["seaweedfs"]["environment"]["AWS_SECRET_ACCESS_KEY"] == \
        loki["S3_SECRET_ACCESS_KEY"]


def test_go_is_told_of_the_collectors_limit():
    for file in (COMPOSE, VARIANTS["light"]):
        service = load(file)["services"]["otel-collector"]
        limit = mebibytes(service["deploy"]["resources"]["limits"]["memory"])
        told = int(service["environment"]["GOMEMLIMIT"].removesuffix("MiB"))
        assert 0.75 <= told / limit <= 0.8


def test_variables_are_documented_with_their_defaults():
    used = {}
    for file in (COMPOSE, *VARIANTS.values()):
        for name, default in re.findall(r"\$\{(\w+):-([^}]*)\}", (ROOT / file).read_text()):
            assert used.setdefault(name, default) == default, f"{name} has two defaults"
    documented = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(),
                                 re.MULTILINE))
    assert documented == used
    assert documented["GRAFANA_ADMIN_PASSWORD"] == "admin"
    assert (documented["MINIO_ROOT_USER"], documented["MINIO_ROOT_PASSWORD"]) == \
        ("admin", "password")


@pytest.mark.parametrize("files", [(COMPOSE,), *[(COMPOSE, file) for file in VARIANTS.values()],
                                   ("docker-compose.check.yml",)], ids=lambda files: files[-1])
def test_compose_takes_it(files):
    rendered(*files)


@pytest.mark.parametrize("variant", VARIANTS)
def test_variants_are_whole(variant):
    """What a variant leaves out is needed by nobody that stays."""
    project = rendered(COMPOSE, VARIANTS[variant])
    services = project["services"]
    for name, service in services.items():
        assert service.get("healthcheck", {}).get("test"), name
        assert set(service.get("depends_on", {})) <= set(services), name
        assert int(service["deploy"]["resources"]["limits"]["memory"]) > 0
        for mount in service.get("volumes", []):
            if mount["type"] == "bind":
                assert os.path.exists(mount["source"]), mount["source"]
    missing = REFERENCE - set(services)
    assert missing == ({"elasticsearch", "jaeger-collector", "minio"} if variant == "light"
                       else {"minio"})
    aliases = services["jaeger-query"].get("networks", {}).get("default") or {}
    assert ("jaeger-collector" in aliases.get("aliases", [])) == (variant == "light")


def test_document_states_the_memory():
    text = DOCUMENT.read_text()
    assert f"{memory_sum(STAYING)} MiB" in text
    project = rendered(COMPOSE, VARIANTS["light"])
    light = sum(int(service["deploy"]["resources"]["limits"]["memory"])
                for service in project["services"].values()) // 2**20
    assert f"{light} MiB" in text


def test_every_configuration_has_its_check():
    mounted = set(re.findall(r"/(?:c|etc/prometheus)/([\w.-]+\.ya?ml)",
                             (ROOT / "docker-compose.check.yml").read_text()))
    own = {path.name for path in CONFIGURATION.glob("*.y*ml")
           if not path.name.startswith("grafana-")}
    assert own <= mounted
    for service in load("docker-compose.check.yml")["services"].values():
        images = {SERVICES[name]["image"] for name in SERVICES}
        assert service["image"] in images, "the check runs the version that the stack runs"
