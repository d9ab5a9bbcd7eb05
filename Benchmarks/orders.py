#!/usr/bin/env python3
"""Measures orders: how their rate scales with clients, what they cost the disk, and whether a million
of them make anything slower. README.md in this folder says what each figure means."""

import argparse
import contextlib
import json
import random
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench import machine
from harness import report, servers
from harness.load import LoadFailed, run_wrk
from harness.process import RunningServer, ServerFailed
from harness.rounds import SETTLE_SECONDS, medians
from harness.shop import ORDER_PATH, Shop, disk_sync_seconds, syncs
from harness.tools import ROOT, Builder, Unavailable, ensure_commands
from Reference.reference import ANSWER_SECONDS_MAX, HERE, Reference

CLIENTS = (1, 4, 16, 64, 256)
COMPARED_CLIENTS = 64
FEW, MANY = 1_000, 1_000_000
PAGE_REQUESTS = 300

# What is demanded.
REFERENCE_RATIO_MIN = 40
P99_SECONDS_MAX = 0.1
LISTING_BYTES_MAX = 20_000_000
FIRST_PAGE_SECONDS_MAX = 0.001
RATE_RATIO_MIN = 0.9


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4, help="load per round and row")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32),
                        help="of the order; printed, so that a run can be repeated")
    parser.add_argument("--parts", default="scaling,million",
                        help="of: scaling (with the FastAPI system when its folder is given), million")
    parser.add_argument("--no-build", action="store_true", help="measure what is built already")
    parser.add_argument("--scratch", type=Path, default=ROOT / ".build/benchmarks")
    parser.add_argument("--own-scratch", type=Path, default=ROOT / ".build",
                        help="where the services are built")
    parser.add_argument("--directory", type=Path, help="where the databases lie while it runs")
    parser.add_argument("--check", action="store_true", help="exit 1 when a target is missed")
    return parser.parse_args()


def load(services, clients, seconds, is_counting=False):
    """Orders for `seconds`, after a second of warm-up."""
    url = f"http://127.0.0.1:{services[0].port}{ORDER_PATH}"
    run_wrk(url, 1, clients, HERE / "order.lua", ANSWER_SECONDS_MAX)
    before = [syncs(service) if is_counting else 0 for service in services]
    cpu = sum(sum(service.cpu_seconds()) for service in services)
    result = run_wrk(url, seconds, clients, HERE / "order.lua", ANSWER_SECONDS_MAX)
    done = max(1, result["requests"])
    result["cpu_seconds_per_request"] = (
        sum(sum(service.cpu_seconds()) for service in services) - cpu) / done
    if is_counting:
        result["syncs_per_request"] = sum(
            syncs(service) - count for service, count in zip(services, before)) / done
    return result


def scaling(options, shop, reference, directory):
    """Every number of clients in every round, in a shuffled order; and the FastAPI system."""
    rows = [(shop, clients) for clients in CLIENTS]
    if reference is not None:
        rows.append((reference, COMPARED_CLIENTS))
    seen = {(system.title, clients): [] for system, clients in rows}
    order = random.Random(options.seed)
    for number in range(1, options.rounds + 1):
        order.shuffle(rows)
        for system, clients in rows:
            is_own = system is shop
            with tempfile.TemporaryDirectory(dir=directory) as folder:
                with system.running(Path(folder), **({"is_counting": True} if is_own else {})) \
                        as services:
                    one = load(services, clients, options.seconds, is_own)
            seen[system.title, clients].append(one)
            print(f"round {number}  {system.title:18} {clients:4} clients "
                  f"{one['requests_per_second']:9,.0f} orders/s", flush=True)
    return {key: medians(values) for key, values in seen.items()}


def scaling_table(results):
    rows = [("POST /order-product", "clients", "orders/s", "p50 ms", "p99 ms", "syncs/order",
             "CPU µs", "errors")]
    for (title, clients), one in sorted(results.items()):
        count = one.get("syncs_per_request")
        rows.append((
            title, str(clients), f"{one['requests_per_second']:,.0f}",
            report.milliseconds(one["p50_seconds"]), report.milliseconds(one["p99_seconds"]),
            "" if count is None else f"{count:.2f}",
            f"{one['cpu_seconds_per_request'] * 1e6:,.0f}",
            str(one["failed_status"] + one["socket_errors"])))
    return report.align(rows)


class ListClient:
    """Reads lists on one connection that stays open."""

    def __init__(self, port, path):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()

    def close(self):
        self._socket.close()

    def read(self):
        """One answer to its end. Returns its seconds and its bytes on the wire.

        The content is JSON without an escape or bracket in it: it ends with the closing bracket."""
        begin = time.perf_counter()
        self._socket.sendall(self._request)
        count, last, is_chunked = 0, b"", None
        while True:
            piece = self._socket.recv(1 << 18)
            if not piece:
                raise ConnectionError("the answer was cut off")
            if is_chunked is None:
                is_chunked = b"transfer-encoding: chunked" in piece.lower()
            count += len(piece)
            last = (last + piece)[-16:]
            if last.endswith(b"\r\n0\r\n\r\n" if is_chunked else b"]"):
                return time.perf_counter() - begin, count


def first_page(many, empty):
    """Median seconds of the first hundred of many orders, and of an empty list, by turns."""
    clients = [ListClient(many.port, "/list-orders?limit=100"),
               ListClient(empty.port, "/list-orders")]
    seen = [[], []]
    with contextlib.ExitStack() as stack:
        for client in clients:
            stack.callback(client.close)
        for _ in range(PAGE_REQUESTS):
            for client, times in zip(clients, seen):
                times.append(client.read()[0])
    return [statistics.median(times) for times in seen]


def listing(service):
    """Reads the whole list, and compares memory: at its most meanwhile, and before."""
    time.sleep(SETTLE_SECONDS)
    idle = service.memory_bytes()
    with contextlib.closing(ListClient(service.port, "/list-orders")) as client:
        seconds, count = client.read()
    return {"idle_bytes": idle, "growth_bytes": service.memory_bytes("VmHWM") - idle,
            "seconds": seconds, "answer_bytes": count}


def million(options, shop, directory):
    """The list, its first page, and the rate of orders, with a million orders and with few."""
    with contextlib.ExitStack() as stack:
        def start(orders):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=directory)))
            return stack.enter_context(shop.running(folder, orders=orders))

        print(f"writing {MANY:,} orders …", flush=True)
        many, few, empty = start(MANY), start(FEW), start(0)
        results = {"listing": listing(many[0])}
        page, nothing = first_page(many[0], empty[0])
        results["first_page"] = {"seconds": page, "empty_seconds": nothing}
        rates = {MANY: [], FEW: []}
        systems = [(MANY, many), (FEW, few)]
        order = random.Random(options.seed)
        for number in range(1, 2 * options.rounds + 1):
            order.shuffle(systems)
            for count, services in systems:
                one = load(services, COMPARED_CLIENTS, options.seconds)
                rates[count].append(one)
                print(f"round {number}  {count:9,} orders before "
                      f"{one['requests_per_second']:9,.0f} orders/s", flush=True)
        results["rates"] = {str(count): medians(values) for count, values in rates.items()}
    return results


def targets(scaled, large):
    """(what, value, bound, whether it is met)"""
    checks = []
    own = scaled.get((Shop.title, COMPARED_CLIENTS))
    slow = scaled.get((Reference.title, COMPARED_CLIENTS))
    if own and slow:
        ratio = own["requests_per_second"] / max(1e-9, slow["requests_per_second"])
        checks.append(("orders/s, of the FastAPI system's", f"{ratio:.1f}",
                       f"at least {REFERENCE_RATIO_MIN}", ratio >= REFERENCE_RATIO_MIN))
    if own:
        checks.append((f"p99 with {COMPARED_CLIENTS} clients",
                       f"{own['p99_seconds'] * 1e3:.1f} ms",
                       f"below {P99_SECONDS_MAX * 1e3:.0f} ms",
                       own["p99_seconds"] < P99_SECONDS_MAX))
    if large:
        growth = large["listing"]["growth_bytes"]
        checks.append((f"memory to list {MANY:,} orders, over idle", f"{growth / 1e6:.1f} MB",
                       f"below {LISTING_BYTES_MAX / 1e6:.0f} MB", growth < LISTING_BYTES_MAX))
        page = large["first_page"]
        more = page["seconds"] - page["empty_seconds"]
        checks.append(("first 100 orders, over an empty list", f"{more * 1e3:.2f} ms",
                       f"at most {FIRST_PAGE_SECONDS_MAX * 1e3:.0f} ms",
                       more <= FIRST_PAGE_SECONDS_MAX))
        rates = [large["rates"][str(count)]["requests_per_second"] for count in (MANY, FEW)]
        checks.append((f"orders/s with {MANY:,} orders, of the rate with {FEW:,}",
                       f"{rates[0] / rates[1]:.2f}", f"at least {RATE_RATIO_MIN}",
                       rates[0] / rates[1] >= RATE_RATIO_MIN))
    return checks


def main():
    options = parse_arguments()
    try:
        ensure_commands({"wrk": "wrk", "cc": "gcc"})
    except Unavailable as reason:
        sys.exit(f"orders: {reason}")
    builder = Builder(options.scratch, options.own_scratch, None, not options.no_build)
    reference, left_out, scaled, large = None, [], {}, {}
    parts = options.parts.split(",")
    try:
        sink = servers.sink(builder)
        if "scaling" in parts:
            try:
                reference = Reference(builder.scratch)
            except Unavailable as reason:
                left_out.append(f"FastAPI system: {reason}")
        print(f"order of the rounds by --seed {options.seed}")
        with tempfile.TemporaryDirectory(
                prefix="ostack-orders-", dir=options.directory) as directory:
            sync_seconds = disk_sync_seconds(directory)
            (Path(directory) / "sink").mkdir()
            with RunningServer(
                    sink.command, {}, Path(directory) / "sink", path="/totals") as running:
                shop = Shop(builder, running)
                if "scaling" in parts:
                    scaled = scaling(options, shop, reference, directory)
                if "million" in parts:
                    large = million(options, shop, directory)
    except (Unavailable, ServerFailed, LoadFailed, OSError) as failure:
        sys.exit(f"orders: {failure}")
    results = {"machine": machine(), "sync_seconds": sync_seconds, "million": large,
               "scaling": {f"{title}, {clients}": one for (title, clients), one in scaled.items()}}
    output = builder.scratch / "orders.json"
    output.write_text(json.dumps(results, indent=1))
    print(f"\nan fdatasync takes {sync_seconds * 1e3:.2f} ms here")
    if scaled:
        print("\n" + scaling_table(scaled))
    if large:
        whole = large["listing"]
        print(f"\nall {MANY:,} orders: {whole['answer_bytes'] / 1e6:.0f} MB in "
              f"{whole['seconds']:.1f} s, idle {whole['idle_bytes'] / 1e6:.1f} MB; first 100: "
              f"{large['first_page']['seconds'] * 1e3:.2f} ms, an empty list: "
              f"{large['first_page']['empty_seconds'] * 1e3:.2f} ms")
    checks = targets(scaled, large)
    print("\n" + "\n".join(f"{'met   ' if is_met else 'MISSED'}  {what}: {value} ({bound})"
                           for what, value, bound, is_met in checks))
    for reason in left_out:
        print(reason)
    print(f"\nall figures: {output}")
    return 1 if options.check and not all(is_met for *_, is_met in checks) else 0


if __name__ == "__main__":
    sys.exit(main())
