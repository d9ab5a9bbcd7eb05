"""The collector is killed under load and comes back; a service is killed while it is away.

Seconds and rate are those of a quick run; `make outage` runs it for as long as outages are.
"""

import os
import signal
import struct
import sys
import time
import zlib
from collections import Counter
from pathlib import Path

import pytest

import outage_collector
from otlp_receiver import REQUEST_TYPES
from ostack_processes import Process, clean_environment
from outage_load import Load

SECONDS = float(os.environ.get("OUTAGE_SECONDS", "4"))
RATE = float(os.environ.get("OUTAGE_RATE", "400"))
WAIT_SECONDS = 60.0
EXPECTED_SPANS = ["GET /health", "health_endpoint"]


class Collector:
    """The collector's process, which can be killed and started again at the same port."""

    def __init__(self, directory: Path):
        self.file = directory / "received"
        self.port = 0
        self.process = None
        self.start()

    def start(self):
        self.process = Process(
            [sys.executable, Path(__file__).with_name("outage_collector.py"), self.port, self.file],
            clean_environment())
        self.port = int(self.process.wait_for_line(
            "collector", self.process.out,
            lambda line: line.startswith("ready ") and line.split(" ")[1]))

    def kill(self):
        self.process.child.send_signal(signal.SIGKILL)
        self.process.child.wait(10)

    def wait_for(self, what: str, condition):
        deadline = time.monotonic() + WAIT_SECONDS
        while not (value := condition(self.file)):
            assert time.monotonic() < deadline, f"{what} within {WAIT_SECONDS} s"
            time.sleep(0.05)
        return value


@pytest.fixture
def collector(tmp_path):
    collector = Collector(tmp_path)
    yield collector
    collector.process.kill()


def settings(collector: Collector, spool: Path | None = None) -> dict:
    return {"TELEMETRY": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}",
            "OTEL_BSP_SCHEDULE_DELAY": 100, "OTEL_BLRP_SCHEDULE_DELAY": 100,
            "OTEL_METRIC_EXPORT_INTERVAL": 200} | (
                {"OTEL_SWIFT_OTLP_SPOOL_DIRECTORY": spool} if spool else {})


def run_outage(collector: Collector, service) -> Load:
    """Load, with the collector gone in the middle of it."""
    load = Load(service.port, RATE)
    time.sleep(min(SECONDS, 10))
    load.enter("during")
    collector.kill()
    time.sleep(SECONDS)
    load.enter("after")
    collector.start()
    time.sleep(min(SECONDS, 10) / 2)
    load.stop()
    assert load.failures == [] and len(load.trace_ids) > 100
    return load


def note(report, name: str, load: Load):
    before, during = (load.p99_milliseconds(phase) for phase in ("before", "during"))
    report(f"outage of {SECONDS:g} s, {name}: {len(load.trace_ids)} requests; p99 {before:.2f} ms "
           f"before, {during:.2f} ms during ({during / before:.2f} of before)")


def test_with_a_spool_nothing_is_lost(collector, start_service, tmp_path, report):
    service = start_service(
        "inventory-service", **settings(collector, tmp_path / "spool"))
    load = run_outage(collector, service)
    collector.wait_for("everything is delivered",
                       lambda _: not list((tmp_path / "spool").rglob("*.spool")))
    assert service.stop() == 0
    by_trace: dict[bytes, set] = {}
    for trace_id, span_id, name in outage_collector.spans(collector.file):
        by_trace.setdefault(trace_id, set()).add((span_id, name))
    gaps = [trace_id for trace_id in load.trace_ids
            if sorted(name for _, name in by_trace.get(trace_id, ())) != EXPECTED_SPANS]
    silent = wanted_logs(load, collector.file) - set(outage_collector.logs(collector.file))
    note(report, f"with a spool: {len(gaps)} traces and {len(silent)} log records lost", load)
    assert gaps == [] and not silent


def wanted_logs(load: Load, file: Path) -> set[tuple[bytes, str]]:
    """The log records that there must be: each request's are those of the first one."""
    first = load.trace_ids[0]
    texts = {text for trace_id, text in outage_collector.logs(file) if trace_id == first}
    assert "request completed" in texts
    return {(trace_id, text) for trace_id in load.trace_ids for text in texts}


def counted_drops(file: Path) -> tuple[int, int, int] | None:
    """Spans and log records that the service says were lost, and how many it still holds."""
    exports = outage_collector.messages(file, "/v1/metrics")
    if not exports:
        return None
    lost, held = {"span": 0, "log": 0}, 0
    for scope in exports[-1].resource_metrics[0].scope_metrics:
        for metric in scope.metrics:
            parts = metric.name.split(".")
            if metric.name.startswith("otel.sdk.") and len(parts) > 4 and parts[3] in lost:
                for point in metric.sum.data_points:
                    keys = {attribute.key for attribute in point.attributes}
                    if parts[-1] in ("exported", "processed") and "error.type" in keys:
                        lost[parts[3]] += point.as_int
                    elif parts[-1] in ("inflight", "size"):
                        held += point.as_int
    return lost["span"], lost["log"], held


def test_without_one_exactly_what_is_counted_is_lost(collector, start_service, report):
    service = start_service("inventory-service", **settings(collector))
    load = run_outage(collector, service)
    wanted = {(trace_id, name) for trace_id in load.trace_ids for name in EXPECTED_SPANS}

    def agree(file: Path):
        drops = counted_drops(file)
        if drops is None or drops[2] > 0:
            return None
        spans = {(trace_id, name) for trace_id, _, name in outage_collector.spans(file)}
        logged = set(outage_collector.logs(file))
        lost = (len(wanted - spans), len(wanted_logs(load, file) - logged))
        return lost if lost == drops[:2] else None

    spans, logs = collector.wait_for("losses are the counted drops", agree)[:2]
    note(report, f"without a spool: {spans} spans and {logs} log records lost, all counted", load)
    assert service.stop() == 0


FRAME = struct.Struct("<4sBB2sIIQII")


def spooled_spans(directory: Path) -> set[tuple[bytes, bytes]]:
    """Trace and span ids in the spool's files, by a second reading of the format."""
    found = set()
    for file in sorted(directory.rglob("traces/*.spool")):
        content, offset = file.read_bytes(), 0
        while offset + FRAME.size <= len(content):
            magic, mark, version, _, size, _, _, checksum, _ = FRAME.unpack_from(content, offset)
            body = content[offset + FRAME.size:offset + FRAME.size + size]
            offset += FRAME.size + size
            assert magic == b"OTSP" and version == 1
            if len(body) < size or zlib.crc32(body) != checksum:
                break  # the process died while it wrote this one
            if mark == ord("P"):
                message = REQUEST_TYPES["/v1/traces"].FromString(body)
                found |= {(span.trace_id, span.span_id) for resource in message.resource_spans
                          for scope in resource.scope_spans for span in scope.spans}
    return found


def test_what_was_spooled_survives_the_death_of_the_service(collector, start_service, tmp_path):
    spool = tmp_path / "spool"
    service = start_service("inventory-service", **settings(collector, spool))
    load = Load(service.port, RATE)
    collector.kill()
    deadline = time.monotonic() + WAIT_SECONDS
    while len(spooled_spans(spool)) < 500:
        assert time.monotonic() < deadline, "spans on disk"
        time.sleep(0.05)
    service.send_signal(signal.SIGKILL)
    service.wait()
    load.stop()
    left = spooled_spans(spool)
    assert len(left) >= 500

    collector.start()
    next_service = start_service("inventory-service", **settings(collector, spool))
    collector.wait_for(
        "the dead service's spans",
        lambda file: left <= {span[:2] for span in outage_collector.spans(file)})
    assert next_service.stop() == 0
    assert list(spool.rglob("*.spool")) == []
    counts = Counter(span[:2] for span in outage_collector.spans(collector.file))
    assert all(counts[span] == 1 for span in left), "sent twice without a reason"
