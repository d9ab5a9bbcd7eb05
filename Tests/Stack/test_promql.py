"""The small reader of expressions, by examples."""

import pytest

from promql import fill, metric_names, prometheus_names


@pytest.mark.parametrize("expression, names", [
    ("up == 0", {"up"}),
    ('sum by (a, b) (rate(x_total{job="y", z!~"q{}"}[5m])) or vector(0)', {"x_total"}),
    ("max(a_bytes) / clamp_min(b:c:rate5m, 1e-9)", {"a_bytes", "b:c:rate5m"}),
    ('label_replace(m, "id", "$1", "server", "(.+)") unless on (x) group_left (y) n',
     {"m", "n"}),
    ('count({__name__="named"})', {"named"}),
    ("histogram_quantile(0.95, sum by (le) (rate(h_bucket[1m])))", {"h_bucket"}),
])
def test_metric_names(expression, names):
    assert metric_names(expression) == names


def test_fill():
    assert fill('rate(a{service=~"$service"}[$__rate_interval])', "30s") == \
        'rate(a{service=~".*"}[30s])'


@pytest.mark.parametrize("name, kind, unit, monotonic, names", [
    ("orders.placed", "sum", "{order}", True, ["orders_placed_total"]),
    ("process.memory.usage", "sum", "By", False, ["process_memory_usage_bytes"]),
    ("process.cpu.time", "sum", "s", True, ["process_cpu_time_seconds_total"]),
    ("a.seconds", "gauge", "s", None, ["a_seconds"]),
    ("part", "gauge", "1", None, ["part_ratio"]),
    ("d", "histogram", "s", None, ["d_seconds_bucket", "d_seconds_count", "d_seconds_sum"]),
])
def test_prometheus_names(name, kind, unit, monotonic, names):
    assert prometheus_names(name, kind, unit, monotonic) == names
