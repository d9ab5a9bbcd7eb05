"""The services' metrics as OpenMetrics text, for a Prometheus without an OTLP endpoint (Debian's is
built without it): the same names and labels as the endpoint would make."""

import re
from http.server import BaseHTTPRequestHandler

from otlp_model import attributes_of, number_of
from otlp_receiver import OTLPReceiver
from promql import prometheus_names
from repository import configuration
from stand_ins import end_serving, serve

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def _label(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


def _text(labels: dict) -> str:
    escaped = {name: str(value).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
               for name, value in labels.items()}
    return "{" + ",".join(f'{name}="{value}"' for name, value in sorted(escaped.items())) + "}"


def _resource_labels(resource: dict) -> dict:
    promoted = configuration("prometheus.yml")["otlp"]["promote_resource_attributes"]
    labels = {_label(name): resource[name] for name in promoted if name in resource}
    namespace = resource.get("service.namespace")
    service = resource["service.name"]
    labels["job"] = f"{namespace}/{service}" if namespace else service
    return labels | {"instance": resource["service.instance.id"]}


def _exemplars(point) -> dict[int, str]:
    """The text of a point's exemplars, by bucket."""
    exemplars = {}
    for exemplar in point.exemplars:
        value = number_of(exemplar)
        bucket = sum(value > bound for bound in point.explicit_bounds)
        identity = {"trace_id": exemplar.trace_id.hex(), "span_id": exemplar.span_id.hex()}
        exemplars[bucket] = f" # {_text(identity)} {value} {exemplar.time_unix_nano / 1e9}"
    return exemplars


def _histogram(name: str, labels: dict, point, exemplars: dict[int, str]) -> list[str]:
    lines, total = [], 0
    for index, count in enumerate(point.bucket_counts):
        total += count
        bounds = point.explicit_bounds
        le = f"{bounds[index]:g}" if index < len(bounds) else "+Inf"
        lines.append(f"{name}_bucket{_text(labels | {'le': le})} {total}{exemplars.get(index, '')}")
    return lines + [f"{name}_sum{_text(labels)} {point.sum}",
                    f"{name}_count{_text(labels)} {point.count}"]


def _identity(entry, attributes: dict) -> tuple:
    return entry.service, entry.metric.name, tuple(sorted(attributes.items()))


def open_metrics(entries: list) -> str:
    """The last state of each metric. An exemplar is in one export only, and a scrape may come after
    the next: each bucket shows its last one."""
    latest = {(entry.service, entry.metric.name): entry for entry in entries}
    exemplars: dict[tuple, dict[int, str]] = {}
    for entry in entries:
        if entry.kind == "histogram":
            for attributes, point in entry.points:
                if point.exemplars:
                    exemplars.setdefault(_identity(entry, attributes), {}).update(_exemplars(point))
    families: dict[tuple[str, str], list[str]] = {}
    for entry in latest.values():
        monotonic = getattr(entry.data, "is_monotonic", False)
        name = prometheus_names(entry.metric.name, entry.kind, entry.metric.unit, monotonic)[0]
        kind = "histogram" if entry.kind == "histogram" else "counter" if monotonic else "gauge"
        base = name.removesuffix({"histogram": "_bucket", "counter": "_total", "gauge": ""}[kind])
        lines = families.setdefault((base, kind), [])
        for attributes, point in entry.points:
            labels = _resource_labels(entry.resource) | {
                _label(key): str(value).lower() if isinstance(value, bool) else value
                for key, value in attributes.items()}
            if kind == "histogram":
                lines += _histogram(base, labels, point,
                                    exemplars.get(_identity(entry, attributes), {}))
            else:
                lines.append(f"{name}{_text(labels)} {number_of(point)}")
    text = [line for (base, kind), lines in families.items()
            for line in [f"# TYPE {base} {kind}", *lines]]
    return "\n".join([*text, "# EOF", ""])


class Exposition:
    """Serves what a receiver last got, to be scraped with `honor_labels`."""

    def __init__(self, receiver: OTLPReceiver):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = open_metrics(receiver.metrics()).encode()
                self.send_response(200)
                self.send_header("content-type", CONTENT_TYPE)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = serve(Handler)
        self.target = f"127.0.0.1:{self.server.server_port}"

    def close(self):
        end_serving(self.server)
