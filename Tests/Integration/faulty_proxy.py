"""A TCP proxy between the order service and the inventory that can fail in every way a network can."""

import contextlib
import random
import socket
import struct
import threading

MODES = ("pass", "refuse", "reset", "cut answers", "delay")
DELAY_SECONDS_MAX = 0.4
LINGER_RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close sends RST


class FaultyProxy:
    """Forwards connections to `upstream_port`, as `mode` lets it:

    refuse       nobody listens, and what was open is reset
    reset        connections are accepted and reset at the first byte of a request
    cut answers  requests arrive, but their answers are thrown away and the connection is reset
    delay        every piece waits for a random time of up to DELAY_SECONDS_MAX
    """

    def __init__(self, upstream_port: int, randomness: random.Random):
        self.upstream_port = upstream_port
        self.randomness = randomness
        self.mode = "pass"
        self.lock = threading.Lock()
        self.connections: set[socket.socket] = set()
        self.forwarded = self.cut = 0
        # Bound to a port of its choice, so that it keeps the port while it does not listen.
        self.reserved = self._bound(0)
        self.port = self.reserved.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.listener = None
        self._listen()

    @staticmethod
    def _bound(port: int) -> socket.socket:
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
        return bound

    def set_mode(self, mode: str):
        assert mode in MODES, mode
        previous, self.mode = self.mode, mode
        if mode == "refuse" and previous != "refuse":
            self._close_listener()
            self._reset_all()
        elif mode != "refuse" and previous == "refuse":
            self._listen()

    def close(self):
        if self.mode != "refuse":
            self._close_listener()
        self._reset_all()
        self.reserved.close()

    def _listen(self):
        self.listener = self._bound(self.port)
        self.listener.listen(256)
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _close_listener(self):
        # Wakes the accept: closing a descriptor that another thread waits on does not.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _reset_all(self):
        with self.lock:
            open_now = list(self.connections)
        for connection in open_now:
            _reset(connection)

    def _accept(self, listener: socket.socket):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket):
        try:
            server = socket.create_connection(("127.0.0.1", self.upstream_port), timeout=5)
        except OSError:
            _reset(client)
            client.close()
            return
        server.settimeout(None)
        pair = (client, server)
        for one in pair:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.connections.update(pair)
        answers = threading.Thread(
            target=self._forward, args=(server, client, True), daemon=True)
        answers.start()
        self._forward(client, server, False)
        answers.join()
        with self.lock:
            self.connections.difference_update(pair)
        for one in pair:
            one.close()

    def _forward(self, source: socket.socket, target: socket.socket, is_answer: bool):
        """Until either end is done or the mode ends it; then both are."""
        try:
            while data := source.recv(65536):
                mode = self.mode
                if mode == "delay":
                    threading.Event().wait(self.randomness.uniform(0, DELAY_SECONDS_MAX))
                if mode == "reset" or (mode == "cut answers" and is_answer):
                    self.cut += 1
                    break
                target.sendall(data)
                self.forwarded += 1
        except OSError:
            pass
        for one in (source, target):
            _reset(one)


def _reset(connection: socket.socket):
    """Ends a connection, also for a thread that waits on it; its peer sees a reset."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_RESET)
        connection.shutdown(socket.SHUT_RDWR)
