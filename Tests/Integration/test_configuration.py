"""Settings: what they do, and one clear line for each that is wrong."""

import os
import re
import socket
import sqlite3
from pathlib import Path

import pytest

from raw_http import request
from stand_ins import occupied_port

EX_CONFIG = 78
BAD = [
    ("ORDER_SERVICE_PORT", ["abc", "-1", "65536", "80 80", "8000.0", "0x50"]),
    ("ORDER_SERVICE_HOST", ["192.0.2.1", "no such host", "[::1"]),
    ("INVENTORY_SERVICE_URL", ["not a url", "localhost:8010", "ftp://localhost", "http://",
                               "http://localhost:99999", "http://localhost:port", "/inventory"]),
    ("INVENTORY_TIMEOUT", ["abc", "0", "-5", "1.5"]),
    ("SHUTDOWN_TIMEOUT", ["abc", "-1"]),
    ("EVENT_LOOPS", ["abc", "0", "-1"]),
    ("LOG_LEVEL", ["loud"]),
    ("TELEMETRY", ["maybe"]),
]
CASES = [(name, value) for name, values in BAD for value in values]


def assert_refused(service, setting: str, said: str = "") -> str:
    """Ended with EX_CONFIG and exactly one line that names the setting."""
    assert service.wait() == EX_CONFIG, service.describe()
    assert len(service.err.lines) == 1, service.describe()
    [line] = service.err.lines
    assert line.startswith(f"{service.name}: {setting}: "), line
    assert len(line) > len(f"{service.name}: {setting}: ") and said in line
    assert not any('"listening"' in line for line in service.out.lines)
    return line


@pytest.mark.parametrize("name, value", CASES, ids=[f"{n}={v}" for n, v in CASES])
def test_malformed(start_service, name, value):
    assert_refused(start_service("order-service", wait=False, **{name: value}), name, value)


@pytest.mark.parametrize("service, setting", [("order-service", "ORDER_SERVICE_PORT"),
                                              ("inventory-service", "INVENTORY_SERVICE_PORT")])
def test_port_in_use(start_service, service, setting):
    with occupied_port() as port:
        line = assert_refused(start_service(service, wait=False, **{setting: port}), setting)
        assert line == f"{service}: {setting}: port {port} is in use"


def test_port_in_use_by_itself(start_service, tmp_path):
    """Several loops may share a port; two processes must not."""
    first = start_service("inventory-service")
    second = start_service("inventory-service", wait=False, INVENTORY_SERVICE_PORT=first.port,
                           DATA_DIRECTORY=tmp_path / "other")
    assert_refused(second, "INVENTORY_SERVICE_PORT", f"port {first.port} is in use")
    assert request(first.port, "GET", "/health").status == 200


def file_in_place(path):
    path.write_text("no directory")
    return path


def below_a_file(path):
    path.write_text("no directory")
    return path / "data"


def database_is_nonsense(path):
    path.mkdir()
    for name in ("orders", "inventory"):
        (path / f"{name}.sqlite").write_bytes(b"no database, whatever its name says\n" * 100)
    return path


def database_is_a_directory(path):
    for name in ("orders", "inventory"):
        (path / f"{name}.sqlite").mkdir(parents=True)
    return path


def nothing_may_be_written(path):
    path.mkdir()
    path.chmod(0o500)
    return path


def cannot_be_made(path):
    return Path("/proc/ostack")  # where not even root may make a directory


@pytest.mark.parametrize("service", ["order-service", "inventory-service"])
@pytest.mark.parametrize("prepare", [
    file_in_place, below_a_file, cannot_be_made, database_is_nonsense, database_is_a_directory,
    nothing_may_be_written])
def test_data_directory(start_service, tmp_path, service, prepare):
    # The mode of a directory does not bind root, unless root gives that power away.
    prefix = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
    directory = prepare(tmp_path / "place")
    assert_refused(start_service(service, wait=False, DATA_DIRECTORY=directory,
                                 prefix=prefix if os.geteuid() == 0 else ()),
                   "DATA_DIRECTORY", str(directory))


def test_missing_data_directory_is_made(start_service, tmp_path):
    directory = tmp_path / "new" / "data"
    start_service("inventory-service", DATA_DIRECTORY=directory)
    with sqlite3.connect(directory / "inventory.sqlite") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_environment_in_health(start_service):
    service = start_service("order-service", APP_ENV="stage")
    assert request(service.port, "GET", "/health").body == \
        b'{"status":"ok","environment":"stage","service_name":"order-service"}'


def test_ready_line_names_address_and_port(start_service):
    service = start_service("order-service")
    [record] = [record for record in service.log_records() if record["message"] == "listening"]
    assert (record["level"], record["logger"]) == ("INFO", "order-service")
    assert record["attributes"]["server.address"] == "localhost"
    assert record["attributes"]["server.port"] == service.port


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")
@pytest.mark.parametrize("host, reachable", [("*", ["127.0.0.1", "::1"]), ("::1", ["::1"]),
                                             ("127.0.0.1", ["127.0.0.1"])])
def test_addresses(start_service, host, reachable):
    service = start_service("order-service", ORDER_SERVICE_HOST=host)
    for address in ("127.0.0.1", "::1"):
        if address in reachable:
            assert request(service.port, "GET", "/health", host=address).status == 200
        else:
            with pytest.raises(ConnectionRefusedError):
                request(service.port, "GET", "/health", host=address)


def test_log_level(start_service):
    service = start_service("order-service", LOG_LEVEL="error", wait=False).wait_for_port()
    assert request(service.port, "GET", "/health").status == 200
    assert service.stop() == 0
    assert service.out.lines == [], "nothing below the level"


@pytest.mark.parametrize("loops", [1, 3])
def test_event_loops(start_service, loops):
    service = start_service("order-service", EVENT_LOOPS=loops)
    for _ in range(20):
        assert request(service.port, "GET", "/health").status == 200


def test_console_telemetry_is_readable(start_service):
    service = start_service("order-service", TELEMETRY="console")
    assert request(service.port, "GET", "/health").status == 200
    assert service.stop() == 0
    said = "\n".join(service.out.lines + service.err.lines)
    for word in ("GET /health", "health_endpoint", "http.server.request.duration"):
        assert word in said


def test_telemetry_off_says_nothing(start_service, receiver):
    settings = receiver.settings() | {"TELEMETRY": "off"}
    service = start_service("order-service", **settings)
    assert request(service.port, "GET", "/health").status == 200
    assert service.stop() == 0
    assert receiver.exports == [] and service.err.lines == []


def test_sdk_disabled(start_service, receiver):
    service = start_service("order-service", OTEL_SDK_DISABLED="true", **receiver.settings())
    assert request(service.port, "GET", "/health").status == 200
    assert service.stop() == 0
    assert receiver.exports == []


def test_a_bad_otel_number_is_a_warning(start_service, receiver):
    """The OpenTelemetry specification: warn, and go on as if it were not set."""
    settings = receiver.settings() | {"OTEL_BSP_SCHEDULE_DELAY": "soon"}
    service = start_service("order-service", **settings)
    assert request(service.port, "GET", "/health").status == 200
    assert service.stop() == 0
    [line] = service.err.lines
    assert re.search(r"OTEL_BSP_SCHEDULE_DELAY\b.*soon", line)
    assert receiver.spans()


def test_service_name(start_service, receiver):
    service = start_service("order-service", OTEL_SERVICE_NAME="shop", **receiver.settings())
    assert request(service.port, "GET", "/health").status == 200
    assert service.stop() == 0
    assert {span.service for span in receiver.spans()} == {"shop"}
