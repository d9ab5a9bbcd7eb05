"""What Jaeger, Loki, Grafana and Elasticsearch would answer, over what an OTLP receiver really got.
The traces and lines are the services' own; only who stores them is not."""

import json
import re
import urllib.parse
from http.server import BaseHTTPRequestHandler

from otlp_receiver import OTLPReceiver
from repository import DASHBOARDS
from stand_ins import end_serving, serve


def jaeger_trace(receiver: OTLPReceiver, trace_id: str) -> tuple[int, dict]:
    """The answer of Jaeger's `/api/traces/{id}`."""
    spans = [span for span in receiver.spans() if span.trace_id == trace_id]
    if not spans:
        return 404, {"data": None, "errors": [{"code": 404, "msg": "trace not found"}]}
    services = sorted({span.service for span in spans})
    return 200, {"errors": None, "data": [{
        "traceID": trace_id,
        "processes": {f"p{index}": {"serviceName": name, "tags": []}
                      for index, name in enumerate(services)},
        "spans": [{
            "traceID": span.trace_id, "spanID": span.span_id, "operationName": span.name,
            "references": [{"refType": "CHILD_OF", "traceID": span.trace_id,
                            "spanID": span.parent_id}] if span.parent_id else [],
            "tags": [{"key": key, "type": "string", "value": str(value)}
                     for key, value in span.attributes.items()],
            "processID": f"p{services.index(span.service)}"} for span in spans]}]}


def loki_lines(receiver: OTLPReceiver, query: str) -> tuple[int, dict]:
    """The answer of Loki's `query_range`: a stream for each service."""
    services, trace_id = re.fullmatch(
        r'\{service_name=~"([^"]+)"\} \| trace_id="([0-9a-f]{32})"', query).groups()
    streams = {}
    for entry in receiver.logs():
        if entry.trace_id == trace_id and re.fullmatch(services, entry.service):
            streams.setdefault(entry.service, []).append(
                [str(entry.record.time_unix_nano), str(entry.message)])
    return 200, {"status": "success", "data": {"resultType": "streams", "result": [
        {"stream": {"service_name": service, "trace_id": trace_id}, "values": values}
        for service, values in streams.items()]}}


class Backends:
    """Listens; `flushed` is called when Loki is told to write what it has."""

    def __init__(self, receiver: OTLPReceiver, flushed):
        def answer(method: str, target: str) -> tuple[int, object]:
            url = urllib.parse.urlsplit(target)
            parameters = dict(urllib.parse.parse_qsl(url.query))
            path = url.path
            if match := re.fullmatch("/jaeger/api/traces/([0-9a-f]{32})", path):
                return jaeger_trace(receiver, match[1])
            if path == "/loki/loki/api/v1/query_range":
                return loki_lines(receiver, parameters["query"])
            if (method, path) == ("POST", "/loki/flush"):
                flushed()
                return 204, None
            if path == "/grafana/api/health":
                return 200, {"database": "ok", "version": "12.4.3"}
            if path.startswith("/grafana/api/datasources/uid/"):
                return 200, {"status": "OK", "message": "works"}
            if path == "/grafana/api/search":
                return 200, [{"uid": json.loads(board.read_text())["uid"]}
                             for board in DASHBOARDS.glob("*.json")]
            if path == "/es/_cluster/health":
                return 200, {"status": "green", "active_shards": 8}
            return 404, {}

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def respond(self):
                status, value = answer(self.command, self.path)
                body = b"" if value is None else json.dumps(value).encode()
                self.send_response(status)
                if status != 204:
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = respond

            def log_message(self, *_):
                pass

        self.server = serve(Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        end_serving(self.server)
