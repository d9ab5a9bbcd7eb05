"""An OTLP/HTTP receiver that decodes with the official protobuf definitions and remembers all.

It answers first and decodes when asked, so that it is no bottleneck of a load test. Whatever a
client does against the OTLP specification is kept in `violations`; every test asserts it empty.
"""

import gzip
import re
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces

from otlp_model import LogEntry, MetricEntry, SpanEntry, flatten, unknown_field_paths

WAIT_SECONDS = 20.0
FAST_EXPORT = {"OTEL_BSP_SCHEDULE_DELAY": 50, "OTEL_BLRP_SCHEDULE_DELAY": 50}
REQUEST_TYPES = {
    "/v1/traces": traces.ExportTraceServiceRequest,
    "/v1/metrics": metrics.ExportMetricsServiceRequest,
    "/v1/logs": logs.ExportLogsServiceRequest,
}
RESPONSE_TYPES = {
    "/v1/traces": traces.ExportTraceServiceResponse,
    "/v1/metrics": metrics.ExportMetricsServiceResponse,
    "/v1/logs": logs.ExportLogsServiceResponse,
}


@dataclass
class Export:
    """One request that was accepted."""

    path: str
    headers: dict[str, str]
    encoded: bytes  # after content-decoding
    _message: object = None

    @property
    def message(self):
        if self._message is None:
            self._message = REQUEST_TYPES[self.path].FromString(self.encoded)
        return self._message


class OTLPReceiver:
    """`status` and `retry_after` can be set to have every export refused."""

    def __init__(self, any_agent: bool = False, address: tuple[str, int] = ("127.0.0.1", 0)):
        self.any_agent = any_agent
        self.exports: list[Export] = []
        self.violations: list[str] = []
        self.refused = 0
        self.status = 200
        self.retry_after: str | None = None
        self.forward_to: str | None = None  # base URL of a collector whose answer decides
        self.changed = threading.Condition()
        self.server = ThreadingHTTPServer(address, _handler_of(self))
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def settings(self) -> dict:
        """Environment variables that send a service's telemetry here, without long delays."""
        return {"TELEMETRY": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": self.endpoint} | FAST_EXPORT

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def accept(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Stores one request; answers with the status and body to send."""
        with self.changed:
            try:
                encoded = self._check(path, headers, body)
            except ValueError as problem:
                self.violations.append(f"{path}: {problem}")
                return 400, b""
            if self.status != 200:
                self.refused += 1
                self.changed.notify_all()
                return self.status, b""
        if self.forward_to is not None:
            status, answer = _forward(self.forward_to + path, headers, body)
        else:
            status, answer = 200, RESPONSE_TYPES[path]().SerializeToString()
        with self.changed:
            if status == 200:
                self.exports.append(Export(path, headers, encoded))
            else:
                self.violations.append(f"{path}: the collector answered {status}: {answer!r}")
            self.changed.notify_all()
        return status, answer

    def _check(self, path: str, headers: dict[str, str], body: bytes) -> bytes:
        if path not in REQUEST_TYPES:
            raise ValueError("no such path")
        if headers.get("content-type") != "application/x-protobuf":
            raise ValueError(f"content-type {headers.get('content-type')!r}")
        agent = headers.get("user-agent", "")
        if not self.any_agent and not re.search(r"\bOTel-OTLP-Exporter-Swift/\S", agent):
            raise ValueError(f"user-agent {agent!r}")
        if "traceparent" in headers:
            raise ValueError("an export is traced itself")
        encoding = headers.get("content-encoding")
        if encoding == "gzip":
            body = gzip.decompress(body)
        elif encoding is not None:
            raise ValueError(f"content-encoding {encoding!r}")
        if not body:
            raise ValueError("an empty request")
        return body

    def wait_for(self, what: str, predicate, timeout: float = WAIT_SECONDS):
        """Waits until `predicate(self)` is truthy and returns its value."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                value = predicate(self)
                if value:
                    return value
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"not received within {timeout} s: {what}; "
                                         f"received: {self.summary()}; {self.violations}")
                self.changed.wait(left)

    def messages(self, path: str):
        with self.changed:
            return [export.message for export in self.exports if export.path == path]

    def spans(self, service: str | None = None) -> list[SpanEntry]:
        return [SpanEntry(resource, scope, span)
                for resource, scope, span in flatten(self.messages("/v1/traces"), "span")
                if service in (None, resource.get("service.name"))]

    def logs(self, service: str | None = None) -> list[LogEntry]:
        return [LogEntry(resource, scope, record)
                for resource, scope, record in flatten(self.messages("/v1/logs"), "log")
                if service in (None, resource.get("service.name"))]

    def metrics(self, service: str | None = None) -> list[MetricEntry]:
        """Every metric of every export, oldest first."""
        return [MetricEntry(resource, scope, metric)
                for resource, scope, metric in flatten(self.messages("/v1/metrics"), "metric")
                if service in (None, resource.get("service.name"))]

    def latest_metric(self, service: str, name: str) -> MetricEntry | None:
        found = [entry for entry in self.metrics(service) if entry.metric.name == name]
        return found[-1] if found else None

    def summary(self) -> str:
        counts: dict[str, int] = {}
        for span in self.spans():
            key = f"{span.service} {span.kind} {span.name}"
            counts[key] = counts.get(key, 0) + 1
        return f"{len(self.exports)} exports, {len(self.logs())} log records, spans {counts}"

    def assert_clean(self):
        """Every byte was decodable, known to the official definitions, and means the same again."""
        assert not self.violations
        for export in list(self.exports):
            assert unknown_field_paths(export.message) == [], export.path
            again = type(export.message).FromString(export.message.SerializeToString())
            assert again == export.message


def _forward(url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    kept = {k: v for k, v in headers.items() if k in ("content-type", "content-encoding")}
    try:
        request = urllib.request.Request(url, data=body, headers=kept, method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError as error:
        return 502, str(error).encode()


def _handler_of(receiver: OTLPReceiver):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            headers = {name.lower(): value for name, value in self.headers.items()}
            if headers.get("transfer-encoding") == "chunked":
                body = self._chunked()
            else:
                body = self.rfile.read(int(headers.get("content-length", "0")))
            status, answer = receiver.accept(self.path, headers, body)
            self.send_response(status)
            if receiver.retry_after is not None and status in (429, 503):
                self.send_header("retry-after", receiver.retry_after)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _chunked(self) -> bytes:
            body = b""
            while (size := int(self.rfile.readline(), 16)) > 0:
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def log_message(self, *_):
            pass

    return Handler
