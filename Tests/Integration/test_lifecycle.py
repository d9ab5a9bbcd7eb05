"""From start to exit: drain without a lost answer or span, dead collectors, signals."""

import signal
import threading
import time

import pytest

from ostack_processes import BINARIES
from raw_http import Connection, ConnectionClosed, request
from stand_ins import ScriptedInventory, SilentServer, refusing_port

EXIT_SECONDS = 10.0
CLIENTS = 12
# Dropping at a full queue is right; these tests ask whether anything is lost without need.
ROOMY = {"OTEL_BSP_MAX_QUEUE_SIZE": 100_000, "OTEL_BLRP_MAX_QUEUE_SIZE": 100_000}
LINES = [("GET", "/health"), ("GET", "/list-orders"), ("GET", "/nope"),
         ("POST", "/order-product?username=load&product_id=4")]


class Load:
    """Keep-alive clients, each asking until the server ends its connection.

    Every one has had an answer before `ready`, so its connection has been accepted: from then on
    each request that is sent must be answered.
    """

    def __init__(self, port: int, clients: int = CLIENTS):
        self.answered = 0
        self.unanswered: list[str] = []
        self.lock = threading.Lock()
        self.ready = threading.Barrier(clients + 1)
        self.busy = threading.Semaphore(0)
        self.threads = [threading.Thread(target=self._ask, args=(port, number), daemon=True)
                        for number in range(clients)]
        for thread in self.threads:
            thread.start()

    def _ask(self, port: int, number: int):
        with Connection(port) as connection:
            for turn in range(100_000):
                method, target = LINES[(number + turn) % len(LINES)]
                if not self._exchange(connection, method, target):
                    return
                if turn == 0:
                    self.ready.wait(20)

    def _exchange(self, connection: Connection, method: str, target: str) -> bool:
        """One request. Whether the connection goes on."""
        try:
            response = connection.request(method, target)
        except (OSError, ConnectionClosed, AssertionError) as error:
            with self.lock:
                self.unanswered.append(f"{method} {target}: {error!r}")
            return False
        with self.lock:
            self.answered += 1
        self.busy.release()
        return response.header("connection") != "close"

    def wait_until_busy(self, answers: int):
        self.ready.wait(20)
        for _ in range(answers):
            assert self.busy.acquire(timeout=20), f"{self.answered} answers; {self.unanswered}"

    def join(self):
        for thread in self.threads:
            thread.join(20)
            assert not thread.is_alive()


def end_during_load(stack, number: int) -> tuple[Load, float]:
    load = Load(stack.order.port)
    load.wait_until_busy(300)
    began = time.monotonic()
    stack.order.send_signal(number)
    code = stack.order.wait()
    seconds = time.monotonic() - began
    load.join()
    assert code == 0, stack.order.describe()
    assert seconds < EXIT_SECONDS
    assert load.unanswered == [], f"{len(load.unanswered)} of {load.answered} lost"
    return load, seconds


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_end_during_load(start_stack, receiver, report, number):
    stack = start_stack(receiver.settings() | ROOMY)
    load, seconds = end_during_load(stack, number)
    servers = [span for span in receiver.spans("order-service") if span.kind == "SERVER"]
    assert len(servers) == load.answered
    entry = receiver.latest_metric("order-service", "http.server.request.duration")
    assert sum(point.count for _, point in entry.points) == load.answered
    accesses = [entry for entry in receiver.logs("order-service")
                if entry.message == "request completed"]
    assert len(accesses) == load.answered
    stack.stop()
    ids = {(span.trace_id, span.span_id) for span in receiver.spans()}
    assert all((span.trace_id, span.parent_id) in ids for span in receiver.spans()
               if span.parent_id)
    report(f"{signal.Signals(number).name} during load: {load.answered} requests, all answered, "
           f"exit after {seconds:.2f} s")


def test_end_during_load_with_a_dead_collector(start_stack):
    with refusing_port() as port:
        stack = start_stack({"TELEMETRY": "otlp",
                             "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}"})
        end_during_load(stack, signal.SIGTERM)
        stack.stop()


def test_end_during_load_with_a_collector_that_never_answers(start_stack):
    with SilentServer() as silent:
        stack = start_stack({"TELEMETRY": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": silent.url})
        end_during_load(stack, signal.SIGTERM)
        assert silent.received.is_set()


def test_a_request_in_flight_is_finished(start_service, receiver):
    """SIGTERM while inventory is still thinking: the answer comes, then the end."""
    go_on = threading.Event()

    def respond(*_):
        assert go_on.wait(20)
        return 200, []

    with ScriptedInventory(respond) as inventory:
        service = start_service("order-service", INVENTORY_SERVICE_URL=inventory.url,
                                INVENTORY_TIMEOUT=8000, **receiver.settings())
        with Connection(service.port) as waiting, Connection(service.port) as idle:
            assert idle.request("GET", "/health").status == 200
            waiting.send(b"GET /list-products HTTP/1.1\r\nhost: x\r\n\r\n")
            inventory.wait_for_requests(1)
            service.send_signal(signal.SIGTERM)
            late = answered_until_refused(service.port)
            go_on.set()
            response = waiting.read_response()
            assert (response.status, response.body) == (200, b"[]")
            assert response.header("connection") == "close" and waiting.at_end()
            assert idle.at_end()
        assert service.wait() == 0
    assert sorted(span.name for span in receiver.spans() if span.kind == "SERVER") == \
        ["GET /health"] * (1 + late) + ["GET /list-products"]


def answered_until_refused(port: int) -> int:
    """Asks until the service accepts no more; how many requests were answered till then."""
    deadline = time.monotonic() + 10
    answered = 0
    while time.monotonic() < deadline:
        try:
            request(port, "GET", "/health", timeout=2)
            answered += 1
        except (ConnectionRefusedError, ConnectionResetError, ConnectionClosed):
            return answered
    raise AssertionError("still accepting 10 s after SIGTERM")


def test_a_request_that_never_ends_does_not_hold_the_exit(start_service):
    with SilentServer() as silent:
        service = start_service("order-service", INVENTORY_SERVICE_URL=silent.url,
                                INVENTORY_TIMEOUT=60_000, SHUTDOWN_TIMEOUT=500)
        with Connection(service.port) as connection:
            connection.send(b"GET /list-products HTTP/1.1\r\nhost: x\r\n\r\n")
            assert silent.received.wait(10)
            began = time.monotonic()
            assert service.stop() == 0
            assert time.monotonic() - began < 4


def test_a_half_sent_request_does_not_hold_the_exit(start_service):
    service = start_service("order-service", SHUTDOWN_TIMEOUT=500)
    with Connection(service.port) as connection:
        connection.send(b"GET /health HTTP/1.1\r\nho")
        assert request(service.port, "GET", "/health").status == 200
        began = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - began < 4


@pytest.mark.parametrize("name", ["order-service", "inventory-service"])
def test_without_a_collector_there_is_one_line(start_service, name):
    with refusing_port() as port:
        service = start_service(name, TELEMETRY="otlp", OTEL_BSP_SCHEDULE_DELAY=10,
                                OTEL_BLRP_SCHEDULE_DELAY=10, OTEL_METRIC_EXPORT_INTERVAL=10,
                                OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}")
        assert request(service.port, "GET", "/health").status == 200
        said = service.wait_for_line("line about the collector", service.err, lambda line: line)
        assert str(port) in said
        for _ in range(50):
            assert request(service.port, "GET", "/health").status == 200
        assert service.stop() == 0
        assert service.err.lines == [said]


def test_a_collector_that_comes_late_gets_telemetry(start_service, receiver):
    receiver.status, receiver.retry_after = 503, "1"
    service = start_service("order-service", **receiver.settings())
    assert request(service.port, "GET", "/health").status == 200
    receiver.wait_for("a refused export", lambda r: r.refused)
    receiver.status = 200
    receiver.wait_for("the span, sent again", lambda r: r.spans())
    assert service.stop() == 0


@pytest.mark.parametrize("name", ["order-service", "inventory-service"])
def test_start_and_idle_memory(start_service, report, name):
    service = start_service(name)
    ready, memory = service.ready_seconds, service.resident_mebibytes()
    report(f"{name}: ready after {ready:.3f} s, idle RSS {memory:.1f} MiB ({BINARIES.name})")
    assert service.err.lines == []
    if BINARIES.name == "release":
        assert memory <= 30


def test_two_signals_at_once(start_service):
    """Ctrl-C reaches a whole process group, and whoever supervises it then sends SIGTERM too."""
    service = start_service("order-service")
    service.send_signal(signal.SIGTERM)
    service.send_signal(signal.SIGINT)
    assert service.wait() == 0
