"""Overload and malice: the honest client is served, and afterwards nothing is left of it.

`OSTACK_ATTACK_SECONDS` makes the attack longer; a minute is what `docs/threat-model.md` reports.
"""

import os
import resource
import socket
import time
from pathlib import Path

import pytest

from attackers import KINDS, Crowd
from raw_http import Connection, request

SECONDS = float(os.environ.get("OSTACK_ATTACK_SECONDS", "4"))
ATTACKERS = 1000
# What the C library keeps of it, in pieces too small to be given back.
MEMORY_KEPT_MEBIBYTES_MAX = 6


@pytest.fixture(autouse=True)
def many_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def wait_until(what: str, met, seconds: float = 40.0):
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def test_an_attack_of_every_kind_at_once(start_service, report):
    service = start_service("order-service", HTTP_HEAD_TIMEOUT=2000, HTTP_BODY_TIMEOUT=2000,
                            HTTP_WRITE_TIMEOUT=2000, HTTP_KEEP_ALIVE_TIMEOUT=2000,
                            HTTP_BODY_RATE_GRACE=2000)
    # The first connections make pools and buffers that stay.
    for _ in range(200):
        assert request(service.port, "GET", "/health").status == 200
    start_descriptors, start_memory = descriptors(service.pid), service.resident_mebibytes()
    slowest, answered = 0.0, 0
    with Crowd(service.port, ATTACKERS) as crowd:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            before = time.monotonic()
            # A fresh connection each time: being let in is part of being served.
            assert request(service.port, "GET", "/health", timeout=10).status == 200
            slowest = max(slowest, time.monotonic() - before)
            answered += 1
            time.sleep(0.01)
        peak = service.resident_mebibytes()
    assert crowd.connections > ATTACKERS
    if "OSTACK_ATTACK_SECONDS" in os.environ:  # on a machine that does nothing else
        assert slowest < 1, "an honest client waits for less than a second"
    wait_until("all descriptors are given back",
               lambda: descriptors(service.pid) <= start_descriptors)
    wait_until("memory is given back",
               lambda: service.resident_mebibytes() <= start_memory + MEMORY_KEPT_MEBIBYTES_MAX)
    end_descriptors, end_memory = descriptors(service.pid), service.resident_mebibytes()
    assert request(service.port, "GET", "/health").status == 200
    assert service.stop() == 0
    report(f"attack of {ATTACKERS} ({', '.join(kind.__name__ for kind in KINDS)}) for "
           f"{SECONDS:g} s: {crowd.connections} connections; {answered} honest requests, the "
           f"slowest in {slowest * 1000:.0f} ms; memory {start_memory:.1f}, peak {peak:.1f}, "
           f"afterwards {end_memory:.1f} MiB; descriptors {start_descriptors}, afterwards "
           f"{end_descriptors}")


def test_idle_connections_cost_little(start_service, report):
    count = min(5000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
    service = start_service("order-service")
    for _ in range(200):
        request(service.port, "GET", "/health")
    before = service.resident_mebibytes()
    idle = []
    try:
        for _ in range(count):
            connection = Connection(service.port)
            idle.append(connection)
            assert connection.request("GET", "/health").status == 200
        each = (service.resident_mebibytes() - before) * 1024 / count
        assert request(service.port, "GET", "/health").status == 200
    finally:
        for connection in idle:
            connection.__exit__(None, None, None)
    report(f"{count} idle keep-alive connections: {each:.1f} KiB each")
    assert each * 1024 <= 10_000


def test_at_the_limit_of_connections_the_next_one_waits(start_service):
    service = start_service("order-service", HTTP_CONNECTIONS_MAX=10)
    held = [Connection(service.port) for _ in range(10)]
    for connection in held:
        assert connection.request("GET", "/health").status == 200
    with socket.create_connection(("127.0.0.1", service.port), timeout=15) as waiting:
        waiting.sendall(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        waiting.settimeout(0.3)
        with pytest.raises(TimeoutError):
            waiting.recv(1)
        held.pop().__exit__(None, None, None)
        waiting.settimeout(15)
        assert waiting.recv(15) == b"HTTP/1.1 200 OK"
    for connection in held:
        connection.__exit__(None, None, None)
    assert service.stop() == 0
