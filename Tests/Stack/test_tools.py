"""ostack-check asks for what the stack's files define, and its table cannot be read as more."""

import json
import re
import subprocess

import pytest

from ostack_processes import BINARIES, clean_environment
from promql import metric_names
from repository import DASHBOARDS, DOCUMENT, VARIANTS, compose, configuration, load
from stand_ins import refusing_port
from test_dashboards import known  # noqa: F401  (a fixture)


def check(*arguments, **environment) -> subprocess.CompletedProcess:
    return subprocess.run([BINARIES / "ostack-check", *arguments], capture_output=True, text=True,
                          timeout=120, env=clean_environment(**environment))


@pytest.fixture(scope="module")
def hops() -> dict[str, dict[str, str]]:
    """What `ostack-check --explain` says of each hop."""
    run = check("--explain")
    assert run.returncode == 0, run.stderr
    hops = {}
    for line in run.stdout.splitlines():
        if line.startswith(" "):
            key, _, value = line.strip().partition(":")
            hops[name][key] = value.strip()
        else:
            name = line
            assert name not in hops
            hops[name] = {}
    return hops


def names(text: str) -> set[str]:
    return set(text.split(", "))


def test_asks_for_metrics_that_exist(hops, known):  # noqa: F811
    for hop in ("metrics", "span metrics", "exemplar"):
        selectors = re.findall(r"\w+\{[^}]*\}", hops[hop]["asks"])
        assert selectors, hop
        for selector in selectors:
            assert metric_names(selector) <= known, selector


def test_looks_for_every_dashboard_alert_source_and_job(hops):
    assert names(hops["dashboards"]["for"]) == {
        json.loads(path.read_text())["uid"] for path in DASHBOARDS.glob("*.json")}
    assert names(hops["alert rules"]["for"]) == {
        rule["alert"] for group in configuration("rules/alerts.yml")["groups"]
        for rule in group["rules"]}
    assert {name.removeprefix("source ") for name in hops if name.startswith("source ")} == {
        source["uid"] for source in configuration("grafana-datasources.yaml")["datasources"]}
    assert names(hops["scrapes"]["for"].removeprefix("up: ")) == {
        job["job_name"] for job in configuration("prometheus.yml")["scrape_configs"]}


def test_asks_where_the_stack_listens(hops):
    """Without options: what docker-compose.yml publishes. In the stack: what it listens on."""
    published = {port.rpartition(":")[2] for service in compose()["services"].values()
                 for port in service.get("ports", [])}
    asked = set(re.findall(r"http://localhost:(\d+)", " ".join(
        hop["asks"] for hop in hops.values())))
    assert asked <= published and len(asked) == 8
    given = compose()["services"]["ostack-check"]["environment"]
    run = check("--explain", **given)
    assert run.returncode == 0, run.stderr
    for name, url in given.items():
        if name.endswith("_URL"):
            assert url in run.stdout, name
    assert "localhost" not in run.stdout
    assert f"/{given['S3_BUCKET']}" in run.stdout


def test_document_names_every_variable():
    text = DOCUMENT.read_text()
    for name in compose()["services"]["ostack-check"]["environment"]:
        assert f"`{name}`" in text, name


def test_names_files_and_containers_that_exist(hops):
    services = set(compose()["services"])
    for hop in hops.values():
        for file in re.findall(r"config_volumes/([\w.-]+)", hop["look"]):
            assert (DASHBOARDS.parent / file).exists(), file
        for listed in re.findall(r"docker compose logs ([\w -]+)", hop["look"]):
            assert set(listed.split()) <= services, listed


def test_light_stack_leaves_out_what_it_does_not_have(hops):
    command = load(VARIANTS["light"])["services"]["ostack-check"]["command"]
    left_out = {argument.removeprefix("--without=") for argument in command[1:]}
    assert left_out < set(hops)


def test_without_a_stack_every_hop_is_a_gap(hops):
    with refusing_port() as port:
        urls = {f"{name}_URL": f"http://127.0.0.1:{port}" for name in (
            "ORDER_SERVICE", "INVENTORY_SERVICE", "JAEGER", "LOKI", "PROMETHEUS", "GRAFANA",
            "ELASTICSEARCH", "S3")}
        run = check("--deadline=1", **urls)
    assert run.returncode == 1
    assert f"0 of {len(hops)} hops proven, {len(hops)} with a gap, 0 left out" in run.stdout
    for name, hop in hops.items():
        assert re.search(rf"^{re.escape(name)}: ", run.stdout, re.MULTILINE), name
        assert f"look:  {hop['look'].partition(';')[0]}" in run.stdout, name


@pytest.mark.parametrize("arguments, complaint", [
    (["--deadline=0"], "--deadline"), (["--deadline=x"], "--deadline"),
    (["--without=nothing"], "no hop 'nothing'"), (["--loki=ftp://x"], "LOKI_URL: 'ftp://x'"),
    (["--nonsense"], "nonsense"),
])
def test_bad_command_lines_are_refused(arguments, complaint):
    run = check(*arguments)
    assert run.returncode == 64 and complaint in run.stderr, run.stderr
    assert run.stdout == ""


def test_leaving_out_everything_proves_nothing(hops):
    run = check(*[f"--without={name}" for name in hops])
    assert run.returncode == 1
    assert f"0 of {len(hops)} hops proven, 0 with a gap, {len(hops)} left out" in run.stdout
