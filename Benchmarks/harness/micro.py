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


# What one operation may cost: nanoseconds of the process for what others do a part of, else of the
# calling thread.
TARGETS = (
    ("span: start, 5 attributes, end, encoded", "process_nanoseconds", 1_000),
    ("log record with 2 values: line and OTLP", "process_nanoseconds", 1_500),
    ("counter, bound: increment", "nanoseconds", 10),
    ("native counter, bound: add", "nanoseconds", 10),
    ("native counter, 2 attributes given: add", "nanoseconds", 60),
    ("histogram, bound: record", "nanoseconds", 40),
    ("native histogram, bound: record", "nanoseconds", 40),
)


def targets(results):
    """What is to be reached, what was, the bound, and whether it is met."""
    return [(name, f"{results[name][key]:,.0f} {'process ' if 'process' in key else ''}ns",
             f"at most {bound:,}", results[name][key] <= bound and results[name]["dropped"] == 0)
            for name, key, bound in TARGETS if name in results]


def table(results):
    """A row for each operation."""
    rows = [("operation", "ns", "process ns", "allocations", "dropped")]
    for name, one in results.items():
        rows.append((name, f"{one['nanoseconds']:,.0f}", f"{one['process_nanoseconds']:,.0f}",
                     f"{one['allocations']:.2f}", f"{one['dropped']:,}"))
    return report.align(rows)
