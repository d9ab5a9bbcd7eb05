"""A steady load whose every request has a trace id that is known, with the time each took."""

import http.client
import threading
import time

THREADS = 4


class Load:
    """Sends `GET /health` at `rate` requests per second until it is stopped."""

    def __init__(self, port: int, rate: float):
        self.port = port
        self.interval = THREADS / rate
        self.phase = "before"
        self.trace_ids: list[bytes] = []
        self.seconds: dict[str, list[float]] = {}
        self.failures: list[str] = []
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=(number,), daemon=True)
                        for number in range(THREADS)]
        for thread in self.threads:
            thread.start()

    def enter(self, phase: str):
        self.phase = phase

    def stop(self):
        """Ends it; every request that was begun has been answered, or is a failure."""
        self.stopped.set()
        for thread in self.threads:
            thread.join(30)

    def p99_milliseconds(self, phase: str) -> float:
        times = sorted(self.seconds[phase])
        return times[int(len(times) * 0.99)] * 1000

    def _run(self, number: int):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        count, due = 0, time.monotonic()
        while not self.stopped.wait(max(0.0, due - time.monotonic())):
            due = max(due + self.interval, time.monotonic() - 1)
            count += 1
            trace_id = (number + 1).to_bytes(4, "big") + count.to_bytes(12, "big")
            fields = {"traceparent": f"00-{trace_id.hex()}-00000000000000{number + 1:02x}-01"}
            phase, start = self.phase, time.monotonic()
            try:
                connection.request("GET", "/health", headers=fields)
                answer = connection.getresponse()
                answer.read()
            except OSError as error:
                with self.lock:
                    self.failures.append(str(error))
                return
            with self.lock:
                self.trace_ids.append(trace_id)
                self.seconds.setdefault(phase, []).append(time.monotonic() - start)
                if answer.status != 200:
                    self.failures.append(f"status {answer.status}")
