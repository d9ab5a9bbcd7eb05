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
    for word in ("serve", "config", "healthcheck", "openapi", "environment variable"):
        assert word in help_text.stdout
    version = run(service, "--version")
    assert version.returncode == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", version.stdout)


def test_unknown_option():
    answer = run("order-service", "--bogus")
    assert answer.returncode == 64
    assert "--bogus" in answer.stderr


@pytest.mark.parametrize("arguments, guess", [
    (("sevre",), "'serve'"), (("helthcheck", "--timeout", "1"), "'healthcheck'"),
    (("open-api",), "'openapi'"), (("healthcheck", "--timeot", "1"), "'--timeout'"),
    (("config", "--mardown"), "'--markdown'")])
def test_a_slip_on_the_command_line(arguments, guess):
    answer = run("order-service", *arguments)
    assert (answer.returncode, answer.stdout) == (64, "")
    assert f"id you mean {guess}?" in answer.stderr


def test_a_command_that_is_near_none():
    answer = run("order-service", "dance")
    assert (answer.returncode, answer.stdout) == (64, "")
    assert answer.stderr == \
        "order-service: unknown command 'dance' ('order-service --help' shows all)\n"


@pytest.mark.parametrize("service", SERVICES)
def test_a_slip_in_a_variable(start_service, service):
    prefix = PREFIX[service]
    slips = {f"{prefix}_PROT": "1", "OTEL_EXPORTER_OTLP_ENDPIONT": "http://x", "LOG_LEVL": "debug"}
    said = [f"{service}: LOG_LEVL: no such setting; did you mean LOG_LEVEL?",
            f"{service}: {prefix}_PROT: no such setting; did you mean {prefix}_PORT?",
            f"{service}: OTEL_EXPORTER_OTLP_ENDPIONT: no such setting; "
            "did you mean OTEL_EXPORTER_OTLP_ENDPOINT?"]
    assert sorted(run(service, "config", **slips).stderr.splitlines()) == sorted(said)
    running = start_service(service, **slips)
    assert sorted(running.err.lines) == sorted(said)
    assert running.stop() == 0
    assert run(service, "config", "--markdown", **slips).stderr == ""


@pytest.mark.parametrize("service", SERVICES)
def test_the_other_services_settings_are_no_slips(service):
    """Nor is what an orchestrator sets for the services that it knows."""
    names = {line.split("`")[1] for line in documented_rows()}
    settings = {name: "x" for name in names}
    own = {line.split("`")[1] for line in run(service, "config", "--markdown").stdout.splitlines()}
    others = {name: value for name, value in settings.items() if name not in own}
    others |= {f"{name}_SERVICE_{part}": "x" for name in ("ORDER", "INVENTORY")
               for part in ("SERVICE_HOST", "SERVICE_PORT", "PORT_8000_TCP", "PORT_8000_TCP_PORT")}
    answer = run(service, "config", **others)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("service", SERVICES)
def test_config_shows_no_secrets(service):
    secrets = {"OTEL_EXPORTER_OTLP_HEADERS": "api-key=geheim,other=geheim",
               "OTEL_EXPORTER_OTLP_ENDPOINT": "https://ann:geheim@collector.example/"}
    answer = run(service, "config", **secrets)
    assert answer.returncode == 0
    assert "OTEL_EXPORTER_OTLP_HEADERS=api-key=***,other=***  (environment; " in answer.stdout
    assert "OTEL_EXPORTER_OTLP_ENDPOINT=https://***@collector.example/  (env" in answer.stdout
    assert "OTEL_BSP_MAX_QUEUE_SIZE=2048  (default; " in answer.stdout
    assert "geheim" not in answer.stdout + answer.stderr


def test_a_complaint_shows_no_secrets():
    answer = run("order-service", INVENTORY_SERVICE_URL="http://ann:geheim@localhost")
    assert answer.returncode == 78
    assert answer.stderr == ("order-service: INVENTORY_SERVICE_URL: 'http://***@localhost' "
                             "is not a URL such as http://localhost:8010\n")


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
