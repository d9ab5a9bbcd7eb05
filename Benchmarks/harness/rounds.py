"""The shuffled run: every server once in every round."""

import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from harness.load import LoadFailed, run_wrk
from harness.process import RunningServer, ServerFailed, get

# How long a server is left alone before its idle memory is read.
SETTLE_SECONDS = 0.5


class Rounds:
    """Runs `servers` in `count` rounds, each in an order of its own, and keeps what was seen."""

    def __init__(self, servers, sink, *, count, seconds, warm_up_seconds, connections, seed):
        self._servers = servers
        self._sink = sink
        self._count = count
        self._seconds = seconds
        self._warm_up_seconds = warm_up_seconds
        self._connections = connections
        self._random = random.Random(seed)
        self.seen = {server.key: [] for server in servers}
        self.failures = {}

    def run(self):
        for number in range(1, self._count + 1):
            order = list(self._servers)
            self._random.shuffle(order)
            for server in order:
                self._once(server, number)

    def _once(self, server, number):
        if server.key in self.failures:
            return
        try:
            one = self._measure(server)
        except (ServerFailed, LoadFailed, OSError) as failure:
            self.failures[server.key] = f"left out in round {number}: {failure}"
            return
        self.seen[server.key].append(one)
        print(f"round {number}  {server.title:38} {one['requests_per_second']:9,.0f} requests/s",
              flush=True)

    def _measure(self, server):
        with tempfile.TemporaryDirectory(prefix="ostack-bench-") as name:
            directory = Path(name)
            before = sink_totals(self._sink)
            environment = server.environment_for(directory, self._sink.port)
            command, port = server.launch(directory)
            with RunningServer(command, environment, directory, port=port,
                               is_secure=server.is_secure) as running:
                result = {"ready_seconds": running.ready_seconds, "cipher": running.cipher}
                result.update(self._load(running, "https" if server.is_secure else "http"))
                begin = time.perf_counter()
                result["exit_code"] = running.stop()
                result["stop_seconds"] = time.perf_counter() - begin
            if server.exports:
                result["delivered_per_request"] = _delivered(
                    before, sink_totals(self._sink), result["requests_in_all"])
            return result

    def _load(self, running, scheme):
        url = f"{scheme}://127.0.0.1:{running.port}/health"
        time.sleep(SETTLE_SECONDS)
        result = {"idle_bytes": running.memory_bytes()}
        # The first answer made the server ready; it counts for what is delivered.
        requests = 1
        if self._warm_up_seconds > 0:
            requests += run_wrk(url, self._warm_up_seconds, self._connections)["requests"]
        sink_before = sum(self._sink.cpu_seconds())
        user, kernel = running.cpu_seconds()
        load = run_wrk(url, self._seconds, self._connections)
        user_after, kernel_after = running.cpu_seconds()
        result.update(load)
        done = max(1, load["requests"])
        result["user_seconds_per_request"] = (user_after - user) / done
        result["kernel_seconds_per_request"] = (kernel_after - kernel) / done
        result["sink_seconds_per_request"] = (sum(self._sink.cpu_seconds()) - sink_before) / done
        result["loaded_bytes"] = running.memory_bytes()
        result["peak_bytes"] = running.memory_bytes("VmHWM")
        result["requests_in_all"] = requests + load["requests"]
        return result

    def summary(self):
        """The median over the rounds, for each server and figure."""
        return {key: medians(rounds) for key, rounds in self.seen.items() if rounds}


def medians(rounds):
    """The median of every figure; sums of what went wrong; the range of requests/s."""
    result = {}
    for name, value in rounds[0].items():
        values = [one[name] for one in rounds]
        if isinstance(value, dict):
            result[name] = {inner: statistics.median(one[inner] for one in values)
                            for inner in value}
        elif name == "cipher":
            result[name] = ", ".join(sorted({str(one) for one in values})) if value else None
        elif name in ("failed_status", "socket_errors"):
            result[name] = sum(values)
        elif name == "exit_code":
            result[name] = next((code for code in values if code != 0), 0)
        elif all(one is not None for one in values):
            result[name] = statistics.median(values)
    rates = [one["requests_per_second"] for one in rounds if "requests_per_second" in one]
    if rates:
        result["requests_per_second_range"] = [min(rates), max(rates)]
    return result


def sink_totals(sink):
    """What the sink has received so far."""
    return json.loads(get(sink.port, "/totals")[1])


def _delivered(before, after, requests):
    return {signal: (after[signal]["items"] - before[signal]["items"]) / requests
            for signal in ("traces", "logs")}


def measure_start(server, sink, count):
    """Starts a server `count` times without load: its start and its idle memory."""
    rounds = []
    for _ in range(count):
        with tempfile.TemporaryDirectory(prefix="ostack-bench-") as name:
            directory = Path(name)
            environment = server.environment_for(directory, sink.port)
            with RunningServer(server.command_for(), environment, directory) as running:
                time.sleep(SETTLE_SECONDS)
                rounds.append({"ready_seconds": running.ready_seconds,
                               "idle_bytes": running.memory_bytes()})
    return medians(rounds)
