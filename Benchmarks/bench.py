#!/usr/bin/env python3
"""Measures the order service beside the limit (a C server) and its peers, in one shuffled run.

README.md in this folder says what each figure means."""

import argparse
import datetime
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from subprocess import CalledProcessError

from harness import counts as counting
from harness import micro, report, servers, telemetry_peers
from harness.load import LoadFailed
from harness.process import RunningServer, ServerFailed
from harness.rounds import Rounds, measure_start
from harness.tools import ROOT, Builder, Unavailable, ensure_commands
from Reference import reference

COUNTED = ("c", "ostack-off", "ostack-on")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", default=",".join(servers.KEYS), metavar="KEY,…",
                        help=f"which to measure, of {', '.join(servers.KEYS)}")
    parser.add_argument("--rounds", type=int, default=3, help="0 leaves the load out")
    parser.add_argument("--seconds", type=int, default=5, help="load per server and round")
    parser.add_argument("--warm-up", type=int, default=1, metavar="SECONDS")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32),
                        help="of the order; printed, so that a run can be repeated")
    parser.add_argument("--count", default=",".join(COUNTED), metavar="KEY,…",
                        help="servers whose instructions and allocations are counted; '' for none")
    parser.add_argument("--count-requests", type=int, default=2000,
                        help="n: runs of n and 2n requests are compared")
    parser.add_argument("--reference", choices=("auto", "only", "no"), default="auto",
                        help="the FastAPI system: auto measures it when its folder is given")
    parser.add_argument("--micro", choices=("yes", "only", "no"), default="yes",
                        help="the micro-benchmarks")
    parser.add_argument("--jobs", type=int, help="of swift build")
    parser.add_argument("--no-build", action="store_true", help="measure what is built already")
    parser.add_argument("--scratch", type=Path, default=ROOT / ".build/benchmarks",
                        help="where peers are built")
    parser.add_argument("--own-scratch", type=Path, default=ROOT / ".build",
                        help="where the project's services are built")
    parser.add_argument("--output", type=Path, help="default: results.json below --scratch")
    parser.add_argument("--check", action="store_true", help="exit 1 when a target is missed")
    return parser.parse_args()


def keys(text):
    """Splits a list of server keys; an unknown one ends the program."""
    chosen = [key for key in text.split(",") if key]
    unknown = set(chosen) - set(servers.KEYS)
    if unknown:
        sys.exit(f"bench: no such server: {', '.join(sorted(unknown))}")
    return chosen


def prepare(chosen, builder):
    """Builds what was chosen. Returns the servers, and for the others why they are left out."""
    made, left_out = {}, {}
    for key in chosen:
        try:
            made[key] = servers.make(key, builder)
        except Unavailable as reason:
            left_out[key] = str(reason)
    return made, left_out


def count(made, chosen, builder, sink_port, requests):
    """Instructions and allocations per request of the servers in `chosen`."""
    results, problems = {}, {}
    counter = builder.c_program(
        "MallocCounter/malloc_counter.c", "malloc_counter.so", "-shared", "-fPIC")
    shim = builder.c_program(
        "ValgrindShim/valgrind_shim.c", "valgrind_shim.so", "-shared", "-fPIC")
    has_valgrind = shutil.which("valgrind") is not None
    for key in chosen:
        if key not in made:
            continue
        print(f"counting {made[key].title} …", flush=True)
        try:
            results[key] = counting.allocations_per_request(
                made[key], counter, sink_port, requests)
            if has_valgrind:
                results[key]["instructions"] = counting.instructions_per_request(
                    made[key], shim, sink_port, requests)
            else:
                problems[key] = "instructions are not counted: no valgrind"
        except (ServerFailed, OSError, CalledProcessError) as failure:
            problems[key] = f"not counted: {failure}"
    return results, problems


def machine():
    """What the figures were measured on."""
    names = [line.partition(":")[2].strip()
             for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]
    return {
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "kernel": platform.release(),
        "processor": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "commit": _first_line(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]),
        "swift": _first_line(["swift", "--version"]),
    }


def _first_line(command):
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (finished.stdout.splitlines() or [""])[0]


def show(results, made, left_out):
    """Prints everything. Returns whether all targets are met."""
    listed = [made[key] for key in servers.KEYS if key in made]
    summary, options = results["summary"], results["options"]
    parts = []
    if summary:
        parts += [f"GET /health, {options['connections']} connections, median of "
                  f"{options['rounds']} rounds; CPU per request",
                  report.table(listed, summary), report.delivery(listed, summary)]
    if results["counts"]:
        parts += ["One request: one connection, one thread, a difference of two runs",
                  report.counts_table(listed, results["counts"])]
    if results["reference"]:
        parts.append(reference.table(results["reference"]))
    if results["micro"]:
        parts += ["Single operations on one thread", micro.table(results["micro"])]
    if results["telemetry_peers"]:
        parts += ["The same with other SDKs: process ns, and how many times ours",
                  telemetry_peers.table(results["micro"], results["telemetry_peers"])]
    checks = report.targets(summary, results["counts"], results["inventory_service"])
    checks = [*checks, *micro.targets(results["micro"])]
    parts.append("\n".join(f"{'met   ' if is_met else 'MISSED'}  {what}: {value} ({bound})"
                           for what, value, bound, is_met in checks))
    parts += [f"{key}: {reason}" for key, reason in {**left_out, **results["problems"]}.items()]
    print("\n" + "\n\n".join(part for part in parts if part))
    return all(is_met for *_, is_met in checks)


def measure(options, made, builder, sink):
    """Everything but the micro-benchmarks, which need no sink. Returns the results."""
    rounds = Rounds(
        list(made.values()), sink, count=options.rounds, seconds=options.seconds,
        warm_up_seconds=options.warm_up, connections=options.connections, seed=options.seed)
    rounds.run()
    problems, starts, compared = dict(rounds.failures), {}, {}
    if options.rounds > 0 and "ostack-on" in made:
        try:
            starts = measure_start(servers.inventory(builder), sink, options.rounds)
        except (Unavailable, ServerFailed, OSError) as failure:
            problems["inventory-service"] = f"not measured: {failure}"
    counted, not_counted = count(
        made, keys(options.count), builder, sink.port, options.count_requests)
    problems.update(not_counted)
    if options.reference != "no" and options.micro != "only":
        try:
            compared = reference.compare(
                builder, sink, rounds=max(1, options.rounds), seconds=options.seconds,
                seed=options.seed)
        except (Unavailable, ServerFailed, LoadFailed, OSError) as failure:
            problems["FastAPI reference"] = str(failure)
    return {"rounds": rounds.seen, "summary": rounds.summary(), "inventory_service": starts,
            "counts": counted, "reference": compared, "problems": problems}


def run(options, builder):
    """Builds and measures. Returns the results, the servers, and what is left out."""
    is_partial = "only" in (options.reference, options.micro)
    made, left_out = prepare([] if is_partial else keys(options.servers), builder)
    if not made and not is_partial:
        sys.exit("bench: nothing to measure: " + "; ".join(left_out.values()))
    try:
        sink = servers.sink(builder)
    except Unavailable as reason:
        sys.exit(f"bench: {reason}")
    print(f"order of the rounds by --seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="ostack-bench-") as directory:
        with RunningServer(sink.command, {}, directory, path="/totals") as running:
            return measure(options, made, builder, running), made, left_out


def main():
    options = parse_arguments()
    for packages, is_needed in (({"wrk": "wrk", "cc": "gcc"}, True),
                                ({"valgrind": "valgrind", "strip": "binutils"}, False)):
        try:
            ensure_commands(packages)
        except Unavailable as reason:
            if is_needed:
                sys.exit(f"bench: {reason}")
            print(f"bench: {reason}", file=sys.stderr)
    builder = Builder(options.scratch, options.own_scratch, options.jobs, not options.no_build)
    results, made, left_out = run(options, builder)
    results["micro"], results["telemetry_peers"] = {}, {}
    if options.micro != "no" and options.reference != "only":
        try:
            results["micro"] = micro.measure(builder)
            results["telemetry_peers"] = telemetry_peers.measure(builder, left_out)
        except Unavailable as reason:
            left_out["micro-benchmarks"] = str(reason)
    results["machine"] = machine()
    results["left_out"] = left_out
    results["options"] = {
        name: str(value) if isinstance(value, Path) else value
        for name, value in vars(options).items()}
    output = options.output or builder.scratch / "results.json"
    output.write_text(json.dumps(results, indent=1))
    is_good = show(results, made, left_out)
    print(f"\nall figures: {output}")
    return 1 if options.check and not is_good else 0


if __name__ == "__main__":
    sys.exit(main())
