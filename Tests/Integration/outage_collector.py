"""A collector that can be killed: takes OTLP over HTTP and writes every request to a file before it
answers. Run as a program: `outage_collector.py PORT FILE`; says `ready PORT` when it listens.

Each entry of the file is a path, a length and a body; what a killed collector left unfinished at the
end was never answered.
"""

import os
import socketserver
import struct
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from otlp_model import flatten
from otlp_receiver import REQUEST_TYPES

ENTRY = struct.Struct("<II")


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


def handler_of(descriptor: int):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            path = self.path.encode()
            # One write, to a file that is appended to: entries of several threads do not mix.
            os.write(descriptor, ENTRY.pack(len(path), len(body)) + path + body)
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    return Handler


def messages(file: Path, path: str) -> list:
    """The messages for `path` that were taken, decoded by the official definitions."""
    found, content, offset = [], file.read_bytes() if file.exists() else b"", 0
    while offset + ENTRY.size <= len(content):
        path_bytes, body_bytes = ENTRY.unpack_from(content, offset)
        start = offset + ENTRY.size
        end = start + path_bytes + body_bytes
        if end > len(content):
            break
        if content[start:start + path_bytes].decode() == path:
            found.append(REQUEST_TYPES[path].FromString(content[start + path_bytes:end]))
        offset = end
    return found


def spans(file: Path) -> list[tuple[bytes, bytes, str]]:
    """Trace id, span id and name of every span."""
    return [(span.trace_id, span.span_id, span.name)
            for _, _, span in flatten(messages(file, "/v1/traces"), "span")]


def logs(file: Path) -> list[tuple[bytes, str]]:
    """Trace id and text of every log record."""
    return [(record.trace_id, record.body.string_value)
            for _, _, record in flatten(messages(file, "/v1/logs"), "log")]


def main(port: int, path: str):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with Server(("127.0.0.1", port), handler_of(descriptor)) as server:
        print(f"ready {server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
