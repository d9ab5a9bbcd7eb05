"""Running a server, and what the kernel knows about it."""

import json
import os
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class ServerFailed(Exception):
    """A server did not start, or ended by itself."""


class RunningServer:
    """A server process from start to end. Its output goes to files in `directory`.

    It is ready when it has answered a GET of `path`. Where it listens it says itself, in a log
    line, unless `port` is given. `cipher` is what a secured server agrees on."""

    def __init__(self, command, environment, directory, path="/health", ready_seconds_max=20,
                 port=None, is_secure=False):
        self._is_secure = is_secure
        self.cipher = None
        self.directory = Path(directory)
        self.output = self.directory / "stdout"
        self.errors = self.directory / "stderr"
        self._command = [str(part) for part in command]
        with open(self.output, "wb") as output, open(self.errors, "wb") as errors:
            begin = time.perf_counter()
            self.process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                env={**os.environ, **environment}, cwd=self.directory)
        try:
            deadline = begin + ready_seconds_max
            self.port = self._port_told(deadline) if port is None else port
            if path is not None:
                self._first_answer(path, deadline)
        except BaseException:
            self.stop()
            raise
        self.ready_seconds = time.perf_counter() - begin

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self.process.pid

    def _fail(self, what):
        last = self.errors.read_bytes()[-400:].decode(errors="replace").strip()
        raise ServerFailed(f"{Path(self._command[0]).name} {what}" + (f": {last}" if last else ""))

    def _check(self, deadline):
        if self.process.poll() is not None:
            self._fail(f"ended with {self.process.returncode} before it was ready")
        if time.perf_counter() > deadline:
            self._fail("was not ready in time")
        time.sleep(0.0005)

    def _port_told(self, deadline):
        """Waits for the log line that says where the server listens."""
        while True:
            for line in self.output.read_bytes().split(b"\n")[:-1]:
                if b'"listening"' not in line:
                    continue
                port = json.loads(line).get("attributes", {}).get("server.port")
                if port is not None:
                    return int(port)
            self._check(deadline)

    def _first_answer(self, path, deadline):
        while True:
            try:
                with connect(self.port, self._is_secure) as connection:
                    if self._is_secure:
                        self.cipher = connection.cipher()[0]
                    ask(connection, path)
                return
            except OSError:
                self._check(deadline)

    def _processes(self):
        """The process, and the workers it has made."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def cpu_seconds(self):
        """User and kernel time of all threads since the start."""
        user = kernel = 0
        for pid in self._processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            user, kernel = user + int(fields[11]), kernel + int(fields[12])
        return user / TICKS_PER_SECOND, kernel / TICKS_PER_SECOND

    def memory_bytes(self, field="VmRSS"):
        """VmRSS is what is resident now, VmHWM the most that ever was."""
        return sum(int(line.split()[1]) * 1024 for pid in self._processes()
                   for line in Path(f"/proc/{pid}/status").read_text().splitlines()
                   if line.startswith(field + ":"))

    def stop(self, seconds_max=20):
        """Asks the process to end, and makes it. Returns its exit code; -9 when it had to."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds_max)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode


def free_port():
    """A port that nobody listens on just now, for servers that cannot choose one themselves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port, is_secure=False):
    """A connection to this machine; whom a secured one leads to is not looked at."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=5)
    if not is_secure:
        return connection
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(connection)


def get(port, path):
    """One GET with a connection of its own. Returns status and content."""
    with connect(port) as connection:
        return ask(connection, path)


def ask(connection, path):
    """One GET, the last on `connection`. Returns status and content."""
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n".encode())
    received = bytearray()
    while True:
        head, found, body = bytes(received).partition(b"\r\n\r\n")
        if found and len(body) >= content_length(head):
            return int(head.split(b" ", 2)[1]), body[: content_length(head)]
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError("the answer was cut off")
        received += piece


def content_length(head):
    """The length that the head of a response announces."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise ConnectionError("the answer has no content-length")


class Client:
    """Sends a fixed number of requests, one after the other, on one connection."""

    def __init__(self, port, path="/health"):
        self._connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # What wrk sends.
        self._request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def send(self, count):
        """Returns when `count` answers with status 200 are there."""
        received = b""
        for _ in range(count):
            self._connection.sendall(self._request)
            while True:
                head, found, body = received.partition(b"\r\n\r\n")
                if found and len(body) >= content_length(head):
                    break
                piece = self._connection.recv(65536)
                if not piece:
                    raise ConnectionError("the server closed the connection")
                received += piece
            if not head.startswith(b"HTTP/1.1 200"):
                raise ConnectionError(f"answered {head.splitlines()[0]!r}")
            received = body[content_length(head):]
