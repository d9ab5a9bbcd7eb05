"""The micro-benchmarks: single operations of our own, in a program of their own."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from harness import report
from harness.tools import Unavailable

SECONDS_MAX = 300


def measure(builder):
    """Runs them twice: for their times, and with allocations counted, which costs time."""
    program = builder.peer("Micro", "MicroBenchmark", "micro")
    counter = builder.c_program(
        "MallocCounter/malloc_counter.c", "malloc_counter.so", "-shared", "-fPIC")
    print("running the micro-benchmarks …", flush=True)
    timed = _run(program, {})
    with tempfile.TemporaryDirectory(prefix="ostack-bench-") as name:
        counted = _run(program, {
            "LD_PRELOAD": str(counter), "MALLOC_COUNTER_FILE": str(Path(name) / "counts")})
    for name, one in timed.items():
        one["allocations"] = counted[name]["allocations"]
    return timed


def _run(program, environment):
    try:
        finished = subprocess.run(
            [str(program)], env={**os.environ, **environment}, capture_output=True, text=True,
            timeout=SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired as failure:
        raise Unavailable(f"the micro-benchmarks took longer than {SECONDS_MAX} s") from failure
    if finished.returncode != 0:
        raise Unavailable(
            f"the micro-benchmarks ended with {finished.returncode}: {finished.stderr[-300:]}")
    return parse(finished.stdout)


def parse(text):
    """What the program prints, by name."""
    return {one.pop("name"): one for one in map(json.loads, text.splitlines())}


def table(results):
    """A row for each operation."""
    rows = [("operation", "ns", "process ns", "allocations", "dropped")]
    for name, one in results.items():
        rows.append((name, f"{one['nanoseconds']:,.0f}", f"{one['process_nanoseconds']:,.0f}",
                     f"{one['allocations']:.2f}", f"{one['dropped']:,}"))
    return report.align(rows)
