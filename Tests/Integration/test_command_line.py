"""The programs' own command line."""

import re
import subprocess

import pytest

from ostack_processes import BINARIES, PREFIX, REPOSITORY, clean_environment
from stand_ins import occupied_port

SERVICES = ["order-service", "inventory-service"]


def run(service: str, *arguments, **settings) -> subprocess.CompletedProcess:
    return subprocess.run(
        [BINARIES / service, *arguments], env=clean_environment(**settings), text=True,
        capture_output=True, timeout=30)


def documented_rows() -> set[str]:
    text = (REPOSITORY / "docs" / "configuration.md").read_text()
    return {line for line in text.splitlines() if line.startswith("| `")}


def test_documentation_shows_every_setting():
    stated = set()
    for service in SERVICES:
        answer = run(service, "config", "--markdown")
        assert (answer.returncode, answer.stderr) == (0, "")
        stated |= set(answer.stdout.splitlines())
    assert len(stated) > 20
    assert stated == documented_rows()


@pytest.mark.parametrize("service", SERVICES)
def test_config_says_where_values_come_from(service):
    answer = run(service, "config", DATA_DIRECTORY="/elsewhere", LOG_LEVEL="")
    assert answer.returncode == 0
    lines = {line.split("=", 1)[0]: line for line in answer.stdout.splitlines()}
    assert lines["DATA_DIRECTORY"].startswith("DATA_DIRECTORY=/elsewhere  (environment; ")
    assert lines["LOG_LEVEL"].startswith("LOG_LEVEL=info  (default; ")
    assert lines["HTTP_BODY_BYTES_MAX"].startswith("HTTP_BODY_BYTES_MAX=1048576  (default; ")


@pytest.mark.parametrize("name, value", [
    ("HTTP_BODY_BYTES_MAX", "-1"), ("HTTP_HEAD_TIMEOUT", "0"), ("HTTP_CONNECTIONS_MAX", "many"),
    ("HTTP_REQUEST_LINE_BYTES_MAX", "63"), ("HTTP_FIELD_COUNT_MAX", "10001")])
def test_config_refuses_what_serve_refuses(name, value):
    answer = run("order-service", "config", **{name: value})
    assert (answer.returncode, answer.stdout) == (78, "")
    assert re.fullmatch(
        rf"order-service: {name}: '{value}' is not a whole number from \d+ to \d+\n",
        answer.stderr)


@pytest.mark.parametrize("service", SERVICES)
def test_help_and_version(service):
    help_text = run(service, "--help")
    assert help_text.returncode == 0
    for word in ("serve", "config", "healthcheck", "environment variable"):
        assert word in help_text.stdout
    version = run(service, "--version")
    assert version.returncode == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", version.stdout)


def test_unknown_option():
    answer = run("order-service", "--bogus")
    assert answer.returncode == 64
    assert "--bogus" in answer.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_healthcheck(start_service, service):
    port = f"{PREFIX[service]}_PORT"
    running = start_service(service)
    answer = run(service, "healthcheck", **{port: running.port})
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    assert running.stop() == 0
    answer = run(service, "healthcheck", **{port: running.port})
    assert answer.returncode == 1
    assert re.fullmatch(rf"{service}: .*127\.0\.0\.1:{running.port}.*\n", answer.stderr)


def test_healthcheck_of_something_silent():
    with occupied_port() as port:
        answer = run("order-service", "healthcheck", "--timeout", "50", ORDER_SERVICE_PORT=port)
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1


def test_settings_of_the_server_are_obeyed(start_service):
    from raw_http import request

    service = start_service("order-service", HTTP_REQUEST_LINE_BYTES_MAX=64)
    target = "/health?".ljust(64 - len("GET  HTTP/1.1"), "x")
    assert request(service.port, "GET", target).status == 200
    assert request(service.port, "GET", target + "x").status == 414
