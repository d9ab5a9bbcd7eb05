"""A crowd of clients that mean no good, each in one thread's event loop, for a bounded time."""

import contextlib
import random
import selectors
import socket
import struct
import threading
import time

HEAD = b"GET /list-orders HTTP/1.1\r\nhost: x\r\n\r\n"


class Attacker:
    """One connection after another, each misused in its own way."""

    def __init__(self, random_: random.Random):
        self.random = random_
        self.plan: list[bytes] = []

    def begin(self, sock: socket.socket):
        """What to send, in pieces."""

    pause = 0.0  # seconds between two pieces
    reads = True


class SlowHead(Attacker):
    """A head that comes byte by byte."""

    pause = 0.05

    def begin(self, sock):
        self.plan = [bytes([byte]) for byte in b"GET /health HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 400]


class SlowReader(Attacker):
    """Many requests, whose answers are never read."""

    reads = False

    def begin(self, sock):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.plan = [HEAD * 50] * 40


class Resetter(Attacker):
    """A request, and a reset before the answer."""

    def begin(self, sock):
        self.plan = [HEAD, b""]
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Garbage(Attacker):
    """Bytes without sense."""

    def begin(self, sock):
        self.plan = [self.random.randbytes(self.random.randrange(1, 4000))]


class Oversized(Attacker):
    """More than every limit allows."""

    def begin(self, sock):
        self.plan = [self.random.choice([
            b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
            b"GET / HTTP/1.1\r\nhost: x\r\n" + b"x: y\r\n" * 20000 + b"\r\n",
            b"POST /order-product HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n" +
            b"z" * 100000,
            b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n" +
            b"1;" + b"e" * 10000 + b"\r\nx\r\n"])]


class HalfClosed(Attacker):
    """Half a request, and silence."""

    pause = 0.3

    def begin(self, sock):
        self.plan = [b"POST /order-product HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n", b""]


class SlowBody(Attacker):
    """Content that comes byte by byte, and so never stops."""

    pause = 0.05

    def begin(self, sock):
        self.plan = [b"POST /order-product HTTP/1.1\r\nhost: x\r\ncontent-length: 50000\r\n\r\n",
                     *[b"z"] * 2000]


class Silent(Attacker):
    """Nothing at all."""

    pause = 0.5


KINDS = [SlowHead, SlowReader, SlowBody, Silent, Resetter, Garbage, Oversized, HalfClosed]


class Crowd:
    """`count` connections at a time against a port, until the block ends. At most `rate` new ones a
    second, so that the machine has time for honest work too."""

    def __init__(self, port: int, count: int, seed: int = 1, rate: float = 4000):
        self.port, self.count, self.rate = port, count, rate
        self.random = random.Random(seed)
        self.ends = False
        self.connections = 0
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends = True
        self.thread.join()

    def _run(self):
        self.selector = selectors.EpollSelector()
        self.due: dict[socket.socket, tuple[float, Attacker]] = {}
        started = time.monotonic()
        while not self.ends:
            allowed = (time.monotonic() - started) * self.rate - self.connections
            for _ in range(int(min(self.count - len(self.due), allowed, 100))):
                self._open()
            for key, _ in self.selector.select(0.01):
                self._read(key.fileobj)
            now = time.monotonic()
            for sock, (moment, attacker) in list(self.due.items()):
                if moment <= now and sock in self.due:
                    self._send(sock, attacker, now)
        for sock in list(self.due):
            self._close(sock)
        self.selector.close()

    def _open(self):
        attacker = self.random.choice(KINDS)(self.random)
        sock = socket.socket()
        attacker.begin(sock)
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", self.port))
        self.connections += 1
        self.due[sock] = (time.monotonic() + self.random.random() * 0.02, attacker)
        if attacker.reads:
            self.selector.register(sock, selectors.EVENT_READ)

    def _read(self, sock):
        try:
            if sock.recv(65536):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._close(sock)

    def _send(self, sock, attacker, now):
        if not attacker.plan:
            # Those that wait for something wait on; the others have done their worst.
            if attacker.pause or not attacker.reads:
                self.due[sock] = (now + 0.5, attacker)
                if self.random.random() < 0.2:
                    self._close(sock)
            else:
                self._close(sock)
            return
        piece = attacker.plan.pop(0)
        try:
            if piece:
                sent = sock.send(piece)
                if sent < len(piece):
                    attacker.plan.insert(0, piece[sent:])
            elif attacker.pause:
                sock.shutdown(socket.SHUT_WR)
            else:
                return self._close(sock)
        except BlockingIOError:
            attacker.plan.insert(0, piece)
        except OSError:
            return self._close(sock)
        self.due[sock] = (now + attacker.pause + 0.005, attacker)

    def _close(self, sock):
        self.due.pop(sock, None)
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(sock)
        sock.close()
