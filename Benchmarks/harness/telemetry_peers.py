"""The micro-benchmarks' operations with other telemetry SDKs, in the same run."""

import json
import os
import subprocess
import sys

from harness import micro
from harness.tools import BENCHMARKS, Unavailable

PYTHON_PACKAGES = ("opentelemetry-sdk==1.45.2", "opentelemetry-exporter-otlp-proto-http==1.45.2")


def measure(builder, left_out):
    """Results by SDK, then by operation. Says in `left_out` what is not measured, and why."""
    results = {}
    for name, run in (("opentelemetry-python", _python), ("swift-otel", _swift)):
        try:
            results[name] = run(builder)
        except Unavailable as reason:
            left_out[name] = str(reason)
    return results


def _python(builder):
    environment = builder.scratch / "opentelemetry-python"
    python = environment / "bin" / "python"
    if not python.exists():
        _run([sys.executable, "-m", "venv", str(environment)], "making a venv")
        _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
              *PYTHON_PACKAGES], "installing opentelemetry-python")
    print("running the micro-benchmarks with opentelemetry-python …", flush=True)
    return micro.parse(_run([str(python), str(BENCHMARKS / "Peers" / "otel_python.py")],
                            "opentelemetry-python"))


def _swift(builder):
    if not os.environ.get("SWIFT_OTEL_DIRECTORY"):
        raise Unavailable("SWIFT_OTEL_DIRECTORY names no folder with swift-otel")
    program = builder.peer("SwiftOTelMicro", "SwiftOTelBenchmark", "swift-otel", is_static=False)
    sink = builder.c_program("Sink/sink.c", "sink")
    print("running the micro-benchmarks with swift-otel …", flush=True)
    with subprocess.Popen([str(sink)], stdout=subprocess.PIPE, text=True) as receiver:
        try:
            port = json.loads(receiver.stdout.readline())["attributes"]["server.port"]
            return micro.parse(_run([str(program)], "swift-otel", {
                "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
                "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}))
        finally:
            receiver.terminate()


def _run(command, name, environment=None):
    try:
        finished = subprocess.run(
            command, env={**os.environ, **(environment or {})}, capture_output=True, text=True,
            timeout=micro.SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired as failure:
        raise Unavailable(f"{name} took longer than {micro.SECONDS_MAX} s") from failure
    if finished.returncode != 0:
        raise Unavailable(f"{name} ended with {finished.returncode}: {finished.stderr[-300:]}")
    return "\n".join(line for line in finished.stdout.splitlines() if line.startswith("{"))


def table(own, peers):
    """Process nanoseconds of each operation, and how many times ours they are."""
    rows = [("operation", "ours", *peers)]
    for name, one in own.items():
        if not any(name in results for results in peers.values()):
            continue
        row = [name, f"{one['process_nanoseconds']:,.0f}"]
        for results in peers.values():
            theirs = results.get(name)
            row.append("" if theirs is None else
                       f"{theirs['process_nanoseconds']:,.0f} "
                       f"({theirs['process_nanoseconds'] / one['process_nanoseconds']:,.0f} x)")
        rows.append(tuple(row))
    return micro.report.align(rows)
