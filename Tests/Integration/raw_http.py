"""A strict HTTP/1.1 client over a raw socket.

Requests are bytes, so that a test can say anything; responses are parsed by RFC 9112 with no
leniency, so that a test sees exactly what the server said.
"""

import json
import re
import socket
from dataclasses import dataclass, field

TIMEOUT_SECONDS = 15.0
HEAD_BYTES_MAX = 64 * 1024

STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5][0-9]{2}) ([\x20-\x7e]*)")
FIELD_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*")


# Called with port, method, target and response of every request that was answered.
OBSERVERS: list = []


class ProtocolViolation(AssertionError):
    """What the server sent is no valid HTTP/1.1 response."""


class ConnectionClosed(Exception):
    """The peer closed before the first byte of a response."""


@dataclass
class Response:
    status: int
    reason: str
    fields: list[tuple[str, str]]  # as sent: order and case kept
    body: bytes
    raw: bytes = field(repr=False)

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def header(self, name: str) -> str | None:
        values = self.values(name)
        assert len(values) <= 1, f"{name} was sent {len(values)} times: {values}"
        return values[0] if values else None

    def names(self) -> list[str]:
        return [name for name, _ in self.fields]

    @property
    def coded(self) -> bool:
        return self.header("content-encoding") is not None

    def json(self):
        return json.loads(self.body.decode("utf-8", errors="strict"))


class Connection:
    """One TCP connection. `sent` and `answered` count whole requests and whole responses."""

    def __init__(self, port: int, host: str = "127.0.0.1", timeout: float = TIMEOUT_SECONDS):
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = port
        self.authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.local_port = self.socket.getsockname()[1]
        self.received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data: bytes):
        self.socket.sendall(data)

    def request(self, method: str, target: str, fields: str = "", body: bytes = b"") -> Response:
        self.send(compose(method, target, self.authority, fields, body))
        response = self.read_response(method)
        for notice in OBSERVERS:
            notice(self.port, method, target, response)
        return response

    def read_response(self, method: str = "GET") -> Response:
        """The next final response. Interim responses (1xx) are skipped."""
        while True:
            response = self.read_any_response(method)
            if response.status >= 200:
                return response

    def read_any_response(self, method: str = "GET") -> Response:
        head = self._read_head()
        status, reason, fields = parse_head(head)
        response = Response(status, reason, fields, b"", head)
        body, raw = self._read_body(response, method)
        response.body, response.raw = body, head + raw
        return response

    def at_end(self) -> bool:
        """Whether the server has closed its side and left nothing unread."""
        return self.received == b"" and not self._receive()

    def read_to_end(self) -> bytes:
        while self._receive():
            pass
        everything, self.received = self.received, b""
        return everything

    def _receive(self) -> bool:
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.received += data
        return bool(data)

    def _take(self, count: int) -> bytes:
        while len(self.received) < count:
            if not self._receive():
                raise ProtocolViolation(
                    f"closed after {len(self.received)} of {count} bytes: {self.received[:200]!r}")
        taken, self.received = self.received[:count], self.received[count:]
        return taken

    def _read_head(self) -> bytes:
        while (end := self.received.find(b"\r\n\r\n")) < 0:
            if len(self.received) > HEAD_BYTES_MAX:
                raise ProtocolViolation("a response head without end")
            if not self._receive():
                if not self.received:
                    raise ConnectionClosed()
                raise ProtocolViolation(f"closed inside a head: {self.received!r}")
        return self._take(end + 4)

    def _take_line(self) -> bytes:
        while (end := self.received.find(b"\r\n")) < 0:
            if not self._receive():
                raise ProtocolViolation(f"closed inside a chunked body: {self.received!r}")
        return self._take(end + 2)

    def _read_body(self, response: Response, method: str) -> tuple[bytes, bytes]:
        length, coding = response.header("content-length"), response.header("transfer-encoding")
        if response.status < 200 or response.status == 204:
            if length is not None or coding is not None:
                raise ProtocolViolation(f"{response.status} with framing: {response.fields}")
            return b"", b""
        if length is not None and coding is not None:
            raise ProtocolViolation("content-length beside transfer-encoding")
        if method == "HEAD" or response.status == 304:
            return b"", b""
        if coding is not None:
            if coding != "chunked":
                raise ProtocolViolation(f"transfer-encoding: {coding}")
            return self._read_chunked()
        if length is not None:
            if not re.fullmatch("[0-9]+", length):
                raise ProtocolViolation(f"content-length: {length}")
            body = self._take(int(length))
            return body, body
        if response.header("connection") != "close":
            raise ProtocolViolation("neither a length nor connection: close")
        body = self.read_to_end()
        return body, body

    def _read_chunked(self) -> tuple[bytes, bytes]:
        body, raw = b"", b""
        while True:
            line = self._take_line()
            raw += line
            if not re.fullmatch(rb"[0-9A-Fa-f]+\r\n", line):
                raise ProtocolViolation(f"chunk size line {line!r}")
            size = int(line, 16)
            chunk = self._take(size + 2)
            raw += chunk
            if chunk[size:] != b"\r\n":
                raise ProtocolViolation(f"chunk of {size} bytes does not end in CRLF")
            if size == 0:
                return body, raw
            body += chunk[:size]


def parse_head(head: bytes) -> tuple[int, str, list[tuple[str, str]]]:
    lines = head[:-4].split(b"\r\n")
    status = STATUS_LINE.fullmatch(lines[0])
    if status is None:
        raise ProtocolViolation(f"status line {lines[0]!r}")
    fields = []
    for line in lines[1:]:
        match = FIELD_LINE.fullmatch(line)
        if match is None:
            raise ProtocolViolation(f"field line {line!r}")
        fields.append((match[1].decode("ascii"), match[2].decode("latin-1")))
    return int(status[1]), status[2].decode("ascii"), fields


def compose(method: str, target: str, authority: str, fields: str = "", body: bytes = b"") -> bytes:
    """A whole request. `fields` are further field lines, each ending in CRLF."""
    head = f"{method} {target} HTTP/1.1\r\nhost: {authority}\r\n{fields}"
    if body:
        head += f"content-length: {len(body)}\r\n"
    return head.encode("utf-8") + b"\r\n" + body


def request(port: int, method: str, target: str, fields: str = "", body: bytes = b"",
            host: str = "127.0.0.1", timeout: float = TIMEOUT_SECONDS) -> Response:
    """One request on a connection of its own."""
    with Connection(port, host, timeout) as connection:
        return connection.request(method, target, fields, body)
