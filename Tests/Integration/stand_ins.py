"""Peers that misbehave on purpose: one that refuses, one that never answers, one on a script."""

import contextlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextlib.contextmanager
def refusing_port():
    """A port that refuses connections for as long as the block runs: bound, never listening."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]


@contextlib.contextmanager
def occupied_port():
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


class SilentServer:
    """Accepts every connection, reads whatever comes, and never answers."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.received = threading.Event()
        self.connections: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # Wakes the accept: closing a descriptor that another thread waits on does not.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection: socket.socket):
        with connection, contextlib.suppress(OSError):
            while connection.recv(65536):
                self.received.set()


def serve(handler) -> ThreadingHTTPServer:
    """A server on a free port, with a thread for each connection; ends with `end_serving`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def end_serving(server: ThreadingHTTPServer):
    server.shutdown()
    server.server_close()


class ScriptedInventory:
    """An inventory whose every answer is `respond(method, target, headers) -> (status, value)`.

    A value that is bytes is written to the connection as it is, and the connection closed.
    """

    def __init__(self, respond):
        self.requests: list[tuple[str, str, dict]] = []
        self.changed = threading.Condition()
        self.server = serve(_handler_of(self, respond))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end_serving(self.server)

    def wait_for_requests(self, count: int, timeout: float = 10.0):
        with self.changed:
            enough = self.changed.wait_for(lambda: len(self.requests) >= count, timeout)
        assert enough, f"{len(self.requests)} of {count} requests within {timeout} s"


def _handler_of(inventory: ScriptedInventory, respond):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self):
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.rfile.read(int(headers.get("content-length", "0")))
            with inventory.changed:
                inventory.requests.append((self.command, self.path, headers))
                inventory.changed.notify_all()
            status, value = respond(self.command, self.path, headers)
            if isinstance(value, bytes):
                self.wfile.write(value)
                self.close_connection = True
                return
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    return Handler
