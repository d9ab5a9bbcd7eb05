"""Metrics: names, units, boundaries, exemplars, and totals that equal what was done."""

import re
import time
from collections import Counter

import pytest

from otlp_model import CUMULATIVE, attributes_of, number_of
from raw_http import request

HTTP_BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
DATABASE_BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
SERVICES = ["order-service", "inventory-service"]
# What the order service asks of inventory in the recording: method, route, status.
FORWARDED = {("POST", "/reduce-stock", 200): 3, ("POST", "/reduce-stock", 400): 1,
             ("GET", "/list-products", 200): 1}
ROUTES = {"/health", "/list-orders", "/list-products", "/order-product", "/reduce-stock",
          "/restock"}


def assert_histogram(entry, unit: str, boundaries: list[float]):
    assert entry.kind == "histogram" and entry.metric.unit == unit
    assert entry.data.aggregation_temporality == CUMULATIVE
    for attributes, point in entry.points:
        assert list(point.explicit_bounds) == boundaries
        assert len(point.bucket_counts) == len(boundaries) + 1
        assert sum(point.bucket_counts) == point.count > 0
        assert 0 <= point.min <= point.max
        assert point.min * point.count <= point.sum * 1.000001
        assert point.sum <= point.max * point.count * 1.000001
        assert 0 < point.start_time_unix_nano < point.time_unix_nano


@pytest.mark.parametrize("service", SERVICES)
def test_server_durations(recording, service):
    entry = recording.metric(service, "http.server.request.duration")
    assert_histogram(entry, "s", HTTP_BOUNDARIES)
    counted = Counter()
    for attributes, point in entry.points:
        assert attributes.pop("url.scheme") == "http"
        assert attributes.pop("network.protocol.version") == "1.1"
        method = attributes.pop("http.request.method")
        status = attributes.pop("http.response.status_code")
        route = attributes.pop("http.route", None)
        assert attributes == {}, "nothing unbounded is an attribute of a metric"
        assert route in ROUTES | {None} and isinstance(status, int)
        counted[method, status] += point.count
    expected = Counter()
    for exchange in recording.answered(service):
        method = "_OTHER" if exchange.method == "FOO" else exchange.method
        expected[method, exchange.response.status] += 1
    if service == "inventory-service":
        for (method, _, status), count in FORWARDED.items():
            expected[method, status] += count
    assert counted == expected


def test_counts_per_route(recording):
    inventory = recording.metric("inventory-service", "http.server.request.duration")
    for (method, route, status), forwarded in FORWARDED.items():
        point = inventory.point({"http.request.method": method, "http.route": route,
                                 "http.response.status_code": status})
        direct = [exchange for exchange in recording.answered("inventory-service")
                  if (exchange.method, exchange.path) == (method, route)]
        assert point.count == forwarded + len(direct)


@pytest.mark.parametrize("service", SERVICES)
def test_exemplars_lead_to_spans(recording, service):
    spans = {(span.trace_id, span.span_id): span for span in recording.spans}
    found = 0
    for attributes, point in recording.metric(service, "http.server.request.duration").points:
        buckets = Counter()
        for exemplar in point.exemplars:
            span = spans[exemplar.trace_id.hex(), exemplar.span_id.hex()]
            assert (span.service, span.kind) == (service, "SERVER")
            assert span.attributes["http.response.status_code"] == \
                attributes["http.response.status_code"]
            assert span.attributes.get("http.route") == attributes.get("http.route")
            value = number_of(exemplar)
            seconds = (span.span.end_time_unix_nano - span.span.start_time_unix_nano) / 1e9
            assert value == pytest.approx(seconds, abs=1e-6), "the value is the span's duration"
            assert point.min <= value <= point.max
            buckets[sum(value > bound for bound in point.explicit_bounds)] += 1
            found += 1
        assert all(count == 1 for count in buckets.values()), "at most one per bucket"
        assert all(point.bucket_counts[bucket] for bucket in buckets)
    assert found > 0


def test_client_durations(recording):
    entry = recording.metric("order-service", "http.client.request.duration")
    assert_histogram(entry, "s", HTTP_BOUNDARIES)
    counted = Counter()
    for attributes, point in entry.points:
        assert attributes["server.address"] == "127.0.0.1"
        assert attributes["server.port"] == recording.stack.inventory.port
        status = attributes["http.response.status_code"]
        assert attributes.get("error.type") == (None if status < 400 else str(status))
        counted[attributes["http.request.method"], status] += point.count
    assert counted == {("POST", 200): 3, ("POST", 400): 1, ("GET", 200): 1}


@pytest.mark.parametrize("service", SERVICES)
def test_database_durations(recording, service):
    entry = recording.metric(service, "db.client.operation.duration")
    assert_histogram(entry, "s", DATABASE_BOUNDARIES)
    for attributes, _ in entry.points:
        assert attributes["db.system.name"] == "sqlite"
        assert "db.query.text" not in attributes


@pytest.mark.parametrize("service", SERVICES)
def test_active_requests_end_at_zero(recording, service):
    entry = recording.metric(service, "http.server.active_requests")
    assert (entry.kind, entry.metric.unit) == ("sum", "{request}")
    assert not entry.data.is_monotonic
    assert entry.data.aggregation_temporality == CUMULATIVE
    assert entry.points and {number_of(point) for _, point in entry.points} == {0}


def test_orders_placed_and_rejected(recording):
    placed = recording.metric("order-service", "orders.placed")
    assert placed.kind == "sum" and placed.data.is_monotonic
    assert placed.data.aggregation_temporality == CUMULATIVE
    assert sum(number_of(point) for _, point in placed.points) == 3
    rejected = recording.metric("order-service", "orders.rejected")
    assert rejected.kind == "sum" and rejected.data.is_monotonic
    assert sum(number_of(point) for _, point in rejected.points) == 1
    assert all(set(attributes) == {"reason"} and attributes["reason"]
               for attributes, point in rejected.points if number_of(point))


def test_stock_per_product(recording):
    entry = recording.metric("inventory-service", "inventory.stock")
    assert entry.kind in ("gauge", "sum")
    stock = {str(attributes["product"]): number_of(point) for attributes, point in entry.points}
    by_name = {"Laptop": 8, "Smartphone": 23, "Tablet": 14, "Headphones": 49, "Smartwatch": 37}
    by_id = {str(number): count for number, count in enumerate(by_name.values(), 1)}
    assert stock in (by_name, by_id)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("name, kind, unit", [
    ("process.cpu.time", "sum", "s"),
    ("process.memory.usage", "sum", "By"),
])
def test_process(recording, service, name, kind, unit):
    entry = recording.metric(service, name)
    assert (entry.kind, entry.metric.unit) == (kind, unit)
    total = sum(number_of(point) for _, point in entry.points)
    assert total > (0 if unit == "s" else 1_000_000)
    assert total < (60 if unit == "s" else 1_000_000_000)


@pytest.mark.parametrize("service", SERVICES)
def test_every_metric_is_well_formed(recording, service):
    names = Counter()
    for message in recording.receiver.messages("/v1/metrics"):
        for part in message.resource_metrics:
            if attributes_of(part.resource.attributes)["service.name"] != service:
                continue
            in_export = Counter(metric.name for scope in part.scope_metrics
                                for metric in scope.metrics)
            assert set(in_export.values()) == {1}, "the points of one metric are together"
            names += in_export
    assert names
    for entry in recording.receiver.metrics(service):
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_.\-/]{0,254}", entry.metric.name)
        assert len(entry.metric.unit) <= 63 and entry.metric.unit.isascii()
        assert entry.scope.name and entry.metric.description
        series = [tuple(sorted(attributes.items())) for attributes, _ in entry.points]
        assert series and len(set(series)) == len(series), "one point per series"


def test_periodic_export_is_cumulative(start_service, receiver):
    settings = receiver.settings() | {"OTEL_METRIC_EXPORT_INTERVAL": 100}
    inventory = start_service("inventory-service", **settings)

    def counted(total: int):
        def enough(receiver):
            entry = receiver.latest_metric("inventory-service", "http.server.request.duration")
            return entry and sum(point.count for _, point in entry.points) == total and entry
        return receiver.wait_for(f"{total} requests counted", enough)

    began = time.time_ns()
    for _ in range(3):
        assert request(inventory.port, "GET", "/health").status == 200
    first = counted(3)
    for _ in range(4):
        assert request(inventory.port, "GET", "/health").status == 200
    second = counted(7)
    (_, earlier), (_, later) = first.points[0], second.points[0]
    assert earlier.start_time_unix_nano == later.start_time_unix_nano <= time.time_ns()
    assert began < earlier.time_unix_nano < later.time_unix_nano
    assert inventory.stop() == 0
