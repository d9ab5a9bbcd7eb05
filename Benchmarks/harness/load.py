"""Load by wrk, and what it says."""

import re
import subprocess

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


class LoadFailed(Exception):
    """wrk did not run, or its answer could not be read."""


def run_wrk(url, seconds, connections, script=None, timeout_seconds=2):
    """Loads `url`. Returns requests, seconds, requests_per_second, p50 and p99 in seconds, and
    what went wrong (failed_status, socket_errors)."""
    command = [
        "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency",
        "--timeout", f"{timeout_seconds}s",
    ]
    if script is not None:
        command += ["-s", str(script)]
    finished = subprocess.run(
        [*command, url], capture_output=True, text=True, timeout=seconds + 60, check=False)
    if finished.returncode != 0:
        raise LoadFailed(f"wrk: {finished.stderr.strip() or finished.stdout.strip()}")
    return parse(finished.stdout)


def parse(text):
    """Reads what wrk prints at its end."""
    total = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m)\b", text)
    if total is None:
        raise LoadFailed(f"wrk printed no total: {text[-200:]!r}")
    seconds = float(total[2]) * _UNITS[total[3]]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    return {
        "requests": int(total[1]),
        "seconds": seconds,
        "requests_per_second": int(total[1]) / seconds,
        "p50_seconds": _percentile(text, 50),
        "p99_seconds": _percentile(text, 99),
        "failed_status": int(failed[1]) if failed else 0,
        "socket_errors": sum(map(int, errors.groups())) if errors else 0,
    }


def _percentile(text, percent):
    found = re.search(rf"^\s*{percent}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
    return float(found[1]) * _UNITS[found[2]] if found else None
