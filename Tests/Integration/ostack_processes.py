"""Starting, watching and stopping the real executables."""

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BINARIES = Path(os.environ.get("OSTACK_BIN", REPOSITORY / ".build" / "debug")).resolve()
START_SECONDS = 20.0
STOP_SECONDS = 15.0
LISTENING = "0A"  # the state of a socket, in /proc/<pid>/net/tcp
# What a test's own shell may have set must not reach the services.
OWN_VARIABLES = ("OTEL_", "ORDER_SERVICE_", "INVENTORY_", "DATA_DIRECTORY", "APP_ENV", "LOG_LEVEL",
                 "TELEMETRY", "EVENT_LOOPS", "SHUTDOWN_TIMEOUT", "JAEGER_UI_URL",
                 "HTTP_", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy",
                 "all_proxy", "no_proxy")
PREFIX = {"order-service": "ORDER_SERVICE", "inventory-service": "INVENTORY_SERVICE"}


def clean_environment(**settings) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(OWN_VARIABLES)}
    return inherited | {name: str(value) for name, value in settings.items()}


class Lines:
    """The lines of one stream, collected by a thread as they come."""

    def __init__(self, stream, changed: threading.Condition):
        self.lines: list[str] = []
        self.changed = changed
        self.ended = False
        self.thread = threading.Thread(target=self._collect, args=(stream,), daemon=True)
        self.thread.start()

    def _collect(self, stream):
        for line in stream:
            with self.changed:
                self.lines.append(line.decode("utf-8", errors="strict").rstrip("\n"))
                self.changed.notify_all()
        stream.close()
        with self.changed:
            self.ended = True
            self.changed.notify_all()


class Process:
    """One child process. Every wait is bounded and fails with what the process had to say."""

    def __init__(self, arguments: list, environment: dict[str, str], **options):
        self.name = Path(arguments[0]).name
        self.started = time.monotonic()
        self.changed = threading.Condition()
        self.child = subprocess.Popen(
            [str(argument) for argument in arguments], env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.out = Lines(self.child.stdout, self.changed)
        self.err = Lines(self.child.stderr, self.changed)

    @property
    def pid(self) -> int:
        return self.child.pid

    def describe(self) -> str:
        with self.changed:
            return (f"{self.name} (exit code {self.child.poll()})\n"
                    f"--- stderr\n" + "\n".join(self.err.lines[-40:]) +
                    f"\n--- stdout, last lines\n" + "\n".join(self.out.lines[-20:]))

    def wait_for_line(self, what: str, lines: Lines, match, timeout: float = START_SECONDS):
        """The first truthy `match(line)`. Lines are looked at once, as they come."""
        deadline = time.monotonic() + timeout
        seen = 0
        with self.changed:
            while True:
                while seen < len(lines.lines):
                    seen += 1
                    if value := match(lines.lines[seen - 1]):
                        return value
                left = deadline - time.monotonic()
                if lines.ended or left <= 0:
                    break
                self.changed.wait(left)
        if lines.ended:
            self.child.wait(STOP_SECONDS)
        raise AssertionError(f"no {what} within {timeout} s from {self.describe()}")

    def send_signal(self, number: int = signal.SIGTERM):
        self.child.send_signal(number)

    def wait(self, timeout: float = STOP_SECONDS) -> int:
        """The exit code, once the process has ended and its output has been read to the end."""
        try:
            code = self.child.wait(timeout)
        except subprocess.TimeoutExpired:
            description = self.describe()
            self.kill()
            raise AssertionError(f"still running after {timeout} s: {description}") from None
        self.out.thread.join(STOP_SECONDS)
        self.err.thread.join(STOP_SECONDS)
        return code

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait(STOP_SECONDS)

    def stop(self, number: int = signal.SIGTERM, timeout: float = STOP_SECONDS) -> int:
        if self.child.poll() is None:
            self.send_signal(number)
        return self.wait(timeout)


class Service(Process):
    """`order-service` or `inventory-service`, on a free port unless the settings name one."""

    # Called with name and port of every service that listens.
    observers: list = []

    def __init__(self, name: str, settings: dict, prefix: tuple = (), **options):
        """`prefix`: the command that the service is started through, when there is one."""
        binary = BINARIES / name
        assert binary.is_file(), f"{binary} is not built (set OSTACK_BIN to where it is)"
        defaults = {f"{PREFIX[name]}_PORT": 0, "TELEMETRY": "off"}
        super().__init__([*prefix, binary], clean_environment(**(defaults | settings)), **options)
        self.name = name
        self.console = settings.get("TELEMETRY") == "console"  # where lines are for people
        self.port = 0
        self.ready_seconds = 0.0

    def wait_until_listening(self) -> "Service":
        def listening(line: str):
            if self.console:
                return re.search(r"\blistening\b.*\bserver\.port\W+(\d+)", line)
            record = parse_log_line(line)
            return record if record["message"] == "listening" else None

        ready = self.wait_for_line("ready line", self.out, listening)
        self.ready_seconds = time.monotonic() - self.started
        self.port = int(ready[1]) if self.console else ready["attributes"]["server.port"]
        assert type(self.port) is int and self.port > 0, ready
        for notice in self.observers:
            notice(self.name, self.port)
        return self

    def wait_for_port(self) -> "Service":
        """For a service that does not say so: asks the kernel until it listens."""
        deadline = time.monotonic() + START_SECONDS
        while not (ports := listening_ports(self.pid, "127.0.0.1")):
            assert time.monotonic() < deadline and self.child.poll() is None, self.describe()
            time.sleep(0.01)
        [self.port] = ports
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log_records(self) -> list[dict]:
        with self.changed:
            return [parse_log_line(line) for line in self.out.lines]

    def resident_mebibytes(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)[1]) / 1024


LEVELS = ["TRACE", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL"]
LOG_KEYS = ["timestamp", "level", "logger", "message", "trace_id", "span_id", "trace_flags",
            "attributes"]


def parse_log_line(line: str) -> dict:
    """A log line of a service; asserts the shape that every line has."""
    record = json.loads(line)
    keys = list(record)
    assert keys[:4] == LOG_KEYS[:4], line
    assert keys == [key for key in LOG_KEYS if key in record], line
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", record["timestamp"]), line
    assert record["level"] in LEVELS, line
    return record


def listening_ports(pid: int, address: str) -> set[int]:
    """The ports on which the process listens at an IPv4 address, as the kernel knows them."""
    sockets = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            if match := re.fullmatch(r"socket:\[(\d+)\]", str(descriptor.readlink())):
                sockets.add(match[1])
    encoded = bytes(int(part) for part in reversed(address.split("."))).hex().upper()
    ports = set()
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        columns = line.split()
        (host, port), state, inode = columns[1].split(":"), columns[3], columns[9]
        if state == LISTENING and inode in sockets and host == encoded:
            ports.add(int(port, 16))
    return ports


class Stack:
    """Both services over one data directory, telemetry to one receiver."""

    def __init__(self, directory: Path, telemetry: dict, order: dict | None = None,
                 inventory: dict | None = None, both: dict | None = None):
        shared = {"DATA_DIRECTORY": directory} | telemetry | (both or {})
        self.order_settings = shared | (order or {})
        self.inventory_settings = shared | (inventory or {})
        self.services: list[Service] = []
        try:
            self.inventory = self.start("inventory-service", self.inventory_settings)
            self.order_settings.setdefault("INVENTORY_SERVICE_URL", self.inventory.url)
            self.order = self.start("order-service", self.order_settings)
        except BaseException:
            self.discard()
            raise

    def start(self, name: str, settings: dict) -> Service:
        service = Service(name, settings)
        self.services.append(service)
        return service.wait_until_listening()

    def stop(self):
        """Stops both as an operator would, order first; both must end well."""
        codes = [service.stop() for service in reversed(self.services)
                 if service.child.poll() is None]
        assert codes == [0] * len(codes), "\n".join(s.describe() for s in self.services)

    def discard(self):
        for service in self.services:
            service.kill()
