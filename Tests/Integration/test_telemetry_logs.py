"""Logs: every record twice, as a JSON line and over OTLP, under the ids of a span that exists."""

import calendar
import time
from collections import Counter

import pytest

SEVERITY = {"TRACE": 1, "DEBUG": 5, "INFO": 9, "NOTICE": 10, "WARNING": 13, "ERROR": 17,
            "CRITICAL": 21}
SERVICES = ["order-service", "inventory-service"]


def lines_of(recording, service: str) -> list[dict]:
    [process] = [process for process in recording.stack.services if process.name == service]
    return process.log_records()


def microseconds(timestamp: str) -> int:
    whole, fraction = timestamp.rstrip("Z").split(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) * 1_000_000 + int(fraction)


def plain(attributes: dict) -> tuple:
    """Attributes as comparable text: JSON knows fewer types than OTLP."""
    return tuple(sorted((name, str(value)) for name, value in attributes.items()))


def of_line(line: dict) -> tuple:
    return (microseconds(line["timestamp"]), SEVERITY[line["level"]], line["message"],
            line.get("trace_id", ""), line.get("span_id", ""), plain(line.get("attributes", {})))


def of_record(entry) -> tuple:
    record = entry.record
    return (record.time_unix_nano // 1000, record.severity_number, entry.message, entry.trace_id,
            entry.span_id, plain(entry.attributes))


@pytest.mark.parametrize("service", SERVICES)
def test_both_destinations_say_the_same(recording, service):
    lines = Counter(of_line(line) for line in lines_of(recording, service))
    records = Counter(of_record(entry) for entry in recording.receiver.logs(service))
    assert records - lines == Counter(), "over OTLP, not on stdout"
    # What is said about the shutdown itself comes after the last flush.
    late = [line for line in (lines - records) if line[3]]
    assert late == [], "on stdout within a trace, not over OTLP"
    assert any(message == "listening" for _, _, message, *_ in records)


@pytest.mark.parametrize("service", SERVICES)
def test_records_belong_to_spans_that_exist(recording, service):
    spans = {(span.trace_id, span.span_id): span for span in recording.spans}
    correlated = 0
    for entry in recording.receiver.logs(service):
        record = entry.record
        if not entry.trace_id:
            assert entry.span_id == "" and record.flags == 0
            continue
        if not record.flags & 1:
            assert entry.trace_id == "1af7651916cd43dd8448eb211c80319d"
            continue
        span = spans[entry.trace_id, entry.span_id]
        assert span.service == service
        # The access record is written when the answer is known, as the span ends.
        assert span.span.start_time_unix_nano <= record.time_unix_nano
        assert record.time_unix_nano <= span.span.end_time_unix_nano + 5_000_000
        correlated += 1
    assert correlated >= len([span for span in recording.spans
                              if (span.service, span.kind) == (service, "SERVER")])


@pytest.mark.parametrize("service", SERVICES)
def test_record_fields(recording, service):
    for entry in recording.receiver.logs(service):
        record = entry.record
        assert record.time_unix_nano > 0
        assert record.observed_time_unix_nano >= record.time_unix_nano - 1_000_000
        assert record.severity_number in SEVERITY.values() and record.severity_text
        assert record.body.WhichOneof("value") == "string_value" and entry.message
        assert len(record.trace_id) in (0, 16) and len(record.span_id) in (0, 8)
        assert record.flags & ~0xFF == 0
        assert record.dropped_attributes_count == 0
        assert entry.scope.name
    for line in lines_of(recording, service):
        assert ("trace_id" in line) == ("span_id" in line) == ("trace_flags" in line)
        assert line["logger"]
        if "trace_id" in line:
            assert (len(line["trace_id"]), len(line["span_id"])) == (32, 16)
            assert len(line["trace_flags"]) == 2


def test_one_access_record_per_request(recording):
    for service in SERVICES:
        accesses = {entry.span_id: entry for entry in recording.receiver.logs(service)
                    if entry.message == "request completed"}
        servers = {span.span_id: span for span in recording.spans
                   if (span.service, span.kind) == (service, "SERVER")}
        assert servers.keys() <= accesses.keys()
        for span_id, span in servers.items():
            entry = accesses[span_id]
            values = [str(value) for value in entry.attributes.values()]
            assert span.attributes["http.request.method"] in values
            assert str(span.attributes["http.response.status_code"]) in values
            assert "http.route" not in span.attributes or span.attributes["http.route"] in values
            assert any("duration" in name for name in entry.attributes), entry.attributes


def test_the_order_is_told_in_its_trace(recording):
    trace_id = recording.server_span("order").trace_id
    told = [(entry.service, entry.message) for entry in recording.receiver.logs()
            if entry.trace_id == trace_id]
    for service in SERVICES:
        own = [message for name, message in told
               if name == service and message != "request completed"]
        assert own, f"{service} says nothing of its own about an order: {told}"


def test_logs_of_unsampled_traces_are_kept(recording):
    trace_id = "1af7651916cd43dd8448eb211c80319d"
    entries = [entry for entry in recording.receiver.logs() if entry.trace_id == trace_id]
    assert {entry.service for entry in entries} == set(SERVICES)
    assert {entry.record.flags for entry in entries} == {0}
