"""Fixtures: the real services on free ports, and an OTLP receiver that remembers."""

import itertools
import signal
from pathlib import Path

import pytest

import raw_http
from api_document import WATCH
from ostack_processes import BINARIES, Service, Stack
from otlp_receiver import OTLPReceiver

REPORT: list[str] = []

# A background job of a shell ignores SIGINT, and so would every program that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def watched():
    """Every answer of every test is compared with the service's own description of it."""
    raw_http.OBSERVERS.append(WATCH.notice)
    Service.observers.append(WATCH.notice_service)
    yield WATCH
    raw_http.OBSERVERS.remove(WATCH.notice)


@pytest.fixture(autouse=True)
def answers_are_as_described(watched):
    yield
    watched.assert_clean()


@pytest.fixture
def receiver():
    receiver = OTLPReceiver()
    yield receiver
    receiver.close()
    receiver.assert_clean()


@pytest.fixture
def start_service(tmp_path):
    """Starts one service; kills what a test leaves behind."""
    started = []

    def start(name: str, wait: bool = True, prefix: tuple = (), **settings) -> Service:
        service = Service(name, {"DATA_DIRECTORY": tmp_path / "data"} | settings, prefix)
        started.append(service)
        return service.wait_until_listening() if wait else service

    yield start
    for service in started:
        service.kill()


@pytest.fixture
def start_stack(tmp_path):
    """Starts both services with a data directory of their own each time."""
    started = []
    numbers = itertools.count()

    def start(telemetry: dict | None = None, directory: Path | None = None, **settings) -> Stack:
        directory = directory or tmp_path / f"data{next(numbers)}"
        stack = Stack(directory, telemetry or {}, **settings)
        started.append(stack)
        return stack

    yield start
    for stack in started:
        stack.discard()


@pytest.fixture(scope="session")
def recording(tmp_path_factory):
    """A whole conversation and its telemetry, made once."""
    from telemetry_scenario import Recording

    return Recording(tmp_path_factory.mktemp("recording"))


@pytest.fixture
def report():
    """Notes a measurement, printed at the end of the run."""
    return REPORT.append


def pytest_report_header():
    return f"services: {BINARIES}"


def pytest_terminal_summary(terminalreporter):
    if REPORT:
        terminalreporter.section("measured")
        for line in REPORT:
            terminalreporter.write_line(line)
