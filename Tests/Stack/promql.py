"""What a PromQL expression asks for, without understanding it: metric names, after what Grafana
would put in for its variables. promtool checks the grammar."""

import re

GRAFANA = {"$__rate_interval": "1m", "$__interval": "15s", "$__range": "15m", "$__auto": "15s"}
KEYWORDS = {"by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless",
            "bool", "offset", "inf", "nan"}


def fill(expression: str, rate_interval: str = "1m") -> str:
    """Grafana's variables replaced; `$name` by a pattern for everything."""
    for name, value in (GRAFANA | {"$__rate_interval": rate_interval}).items():
        expression = expression.replace(name, value)
    expression = expression.replace("$$__tags", 'service_name="x"')
    return re.sub(r"\$\w+", ".*", expression)


def metric_names(expression: str) -> set[str]:
    """Every metric name that is asked for; a pattern for `__name__` counts as what it matches."""
    names = set(re.findall(r'__name__="(\w+)"', expression))
    text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', expression)
    text = re.sub(r"\{[^}]*\}", "", text)
    text = re.sub(r"\[[^\]]*\]", "", text)
    text = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", "", text)
    for match in re.finditer(r"[A-Za-z_:][\w:]*", text):
        rest = text[match.end():].lstrip()
        before = text[match.start() - 1:match.start()]
        if match[0].lower() in KEYWORDS or rest.startswith("(") or before.isdigit():
            continue
        names.add(match[0])
    return names


def name_patterns(expression: str) -> list[str]:
    return re.findall(r'__name__=~"([^"]+)"', expression)


_UNITS = {"s": "seconds", "ms": "milliseconds", "By": "bytes", "1": "", "%": "percent"}


def prometheus_names(name: str, kind: str, unit: str, monotonic: bool) -> list[str]:
    """The series that Prometheus makes of an OTLP metric (UnderscoreEscapingWithSuffixes)."""
    base = re.sub(r"[^A-Za-z0-9_:]+", "_", name)
    suffix = "" if unit.startswith("{") else _UNITS.get(unit, unit)
    if suffix and suffix not in base.split("_"):
        base += f"_{suffix}"
    if kind == "sum" and monotonic:
        base = base.removesuffix("_total") + "_total"
    if kind == "gauge" and unit == "1":
        base += "_ratio"
    if kind == "histogram":
        return [f"{base}_bucket", f"{base}_count", f"{base}_sum"]
    return [base]
