"""Counting what one request costs: instructions by callgrind, allocations by a preloaded library.

Both are differences, so that what a server does once (starting, warming up) falls out."""

import re
import struct
import subprocess
import tempfile
from pathlib import Path

from harness.process import Client, RunningServer, ServerFailed

# Under valgrind everything takes some fifty times as long.
READY_SECONDS_MAX = 180
# Requests before the first count of allocations, so that pools and caches are filled.
WARM_UP_REQUESTS = 500

# The order of hash tables is the same in every run with this.
FIXED = {"SWIFT_DETERMINISTIC_HASHING": "1"}


def instructions_per_request(server, shim, sink_port, requests):
    """User instructions per request: a run with 2n requests less one with n, over n."""
    with tempfile.TemporaryDirectory(prefix="ostack-bench-") as name:
        program = _without_debug_information(server.command[0], Path(name))
        fewer = _instructions(server, program, shim, sink_port, requests)
        more = _instructions(server, program, shim, sink_port, 2 * requests)
    return (more - fewer) / requests


def _without_debug_information(program, directory):
    """A copy for valgrind, which gives up on what newer compilers write there."""
    target = directory / Path(program).name
    subprocess.run(["strip", "-g", "-o", str(target), str(program)], check=True)
    return target


def _instructions(server, program, shim, sink_port, requests):
    with tempfile.TemporaryDirectory(prefix="ostack-bench-") as name:
        directory = Path(name)
        profile = directory / "callgrind.out"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}",
                   program, *server.command_for(is_single_threaded=True)[1:]]
        environment = {
            **server.environment_for(directory, sink_port, is_single_threaded=True), **FIXED,
            "LD_PRELOAD": str(shim)}
        with RunningServer(
                command, environment, directory, ready_seconds_max=READY_SECONDS_MAX) as running:
            with Client(running.port) as client:
                client.send(requests)
            if running.stop(seconds_max=60) < 0:
                raise ServerFailed("it did not end by itself under valgrind")
        return read_total(profile.read_text())


def read_total(text):
    """The instructions of a callgrind profile (its `totals:` or `summary:` line)."""
    found = re.findall(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)
    if not found:
        raise ServerFailed("callgrind wrote no total")
    return int(found[-1])


def allocations_per_request(server, counter, sink_port, requests):
    """Allocations, reallocations and bytes asked for, per request."""
    with tempfile.TemporaryDirectory(prefix="ostack-bench-") as name:
        directory = Path(name)
        counts = directory / "counts"
        environment = {
            **server.environment_for(directory, sink_port, is_single_threaded=True), **FIXED,
            "LD_PRELOAD": str(counter), "MALLOC_COUNTER_FILE": str(counts)}
        command = server.command_for(is_single_threaded=True)
        with RunningServer(command, environment, directory) as running:
            with Client(running.port) as client:
                client.send(WARM_UP_REQUESTS)
                before = _read_counts(counts)
                client.send(requests)
                after = _read_counts(counts)
        names = ("allocations", "reallocations", "allocated_bytes")
        return {name: (late - early) / requests
                for name, early, late in zip(names, before, after)}


def _read_counts(path):
    return struct.unpack("=3Q", path.read_bytes())
