"""Chaos: clients order through both services while these are killed and stopped, and the network
between them fails. After every kill, and at the end, the databases must agree to the last item.

    python chaos.py --kills 200 --seed 7

The seed decides every choice; the moments at which they meet are the machine's.
"""

import argparse
import contextlib
import json
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from faulty_proxy import MODES, FaultyProxy
from ostack_processes import Service
from raw_http import Connection, ConnectionClosed, ProtocolViolation, Response
from shop_files import FIRST_STOCK, OrdersSnapshot, assert_consistent, assert_sound

CLIENTS = 8
# Longer than a stopped service sleeps, so that its answer is not given up for lost each time.
ANSWER_SECONDS_MAX = 3.0
STOP_SECONDS_MAX = 1.0
SETTLE_SECONDS_MAX = 60.0
# Products beyond those that there are, so that orders are refused as well.
PRODUCTS = (1, 2, 3, 4, 5, 9)


@dataclass
class Attempt:
    """What one client wanted, and the last answer that it got."""

    username: str
    product: int
    key: str | None
    status: int | None = None  # None: no answer
    body: bytes = b""
    tries: int = 0

    @property
    def is_final(self) -> bool:
        return self.status in (200, 400)


class Shop:
    """Both services over one directory, the proxy between them, and who is running."""

    def __init__(self, directory: Path, randomness: random.Random):
        self.directory = directory
        self.inventory = self._start("inventory-service", {})
        self.proxy = FaultyProxy(self.inventory.port, randomness)
        self.order = self._start("order-service", {})

    def _start(self, name: str, further: dict) -> Service:
        settings = {"DATA_DIRECTORY": self.directory, "INVENTORY_TIMEOUT": 400,
                    "LOG_LEVEL": "error", **further}
        if name == "order-service":
            settings["INVENTORY_SERVICE_URL"] = self.proxy.url
        # Without log lines it says nothing of its port: the kernel knows it.
        return Service(name, settings).wait_for_port()

    def kill(self, name: str):
        service = self._named(name)
        service.kill()

    def restart(self, name: str):
        service = self._start(f"{name}-service", {})
        setattr(self, name, service)
        if name == "inventory":
            self.proxy.upstream_port = service.port

    def signal(self, name: str, number: int):
        self._named(name).send_signal(number)

    def _named(self, name: str) -> Service:
        return getattr(self, name)

    def close(self):
        self.proxy.close()
        for service in (self.order, self.inventory):
            service.kill()


def ask(service: Service, target: str, key: str | None) -> Response | None:
    """One POST; None when there is no answer."""
    fields = f"idempotency-key: {key}\r\n" if key is not None else ""
    try:
        with Connection(service.port, timeout=ANSWER_SECONDS_MAX) as connection:
            return connection.request("POST", target, fields)
    except (OSError, ConnectionClosed, ProtocolViolation):
        return None


class Client(threading.Thread):
    """Orders until it is told to stop: half of the time with a key, with which it then tries again
    a few times when it has no answer, and now and then although it has one."""

    def __init__(self, number: int, shop: Shop, stop: threading.Event, seed: str):
        super().__init__(daemon=True)
        self.number = number
        self.shop = shop
        self.stop = stop
        self.randomness = random.Random(seed)
        self.attempts: list[Attempt] = []
        self.failures: list[str] = []

    def run(self):
        while not self.stop.is_set():
            name = f"c{self.number}-{len(self.attempts)}"
            key = f"key-{name}" if self.randomness.random() < 0.5 else None
            attempt = Attempt(name, self.randomness.choice(PRODUCTS), key)
            self.attempts.append(attempt)
            tries = 1 if key is None else self.randomness.randint(1, 4)
            for _ in range(tries):
                self.attempt(attempt)
                # Whoever has no answer does not come back at once.
                pause = 0.02 if attempt.is_final else 0.1
                if self.stop.wait(self.randomness.uniform(0, pause)):
                    break

    def settle(self):
        """Asks until it knows what became of every order that has a key."""
        for attempt in self.attempts:
            deadline = time.monotonic() + SETTLE_SECONDS_MAX
            while attempt.key is not None and not attempt.is_final:
                if time.monotonic() > deadline:
                    self.failures.append(f"{attempt} gets no answer")
                    return
                self.attempt(attempt)
                if not attempt.is_final:
                    time.sleep(0.05)

    def repeat(self):
        """Sends every request with a key again: the answer must be the one that it had."""
        for attempt in self.attempts:
            if attempt.key is None:
                continue
            answer = self.send(attempt)
            if answer is None or (answer.status, answer.body) != (attempt.status, attempt.body):
                self.failures.append(f"{attempt} was answered {answer} at the end")

    def send(self, attempt: Attempt) -> Response | None:
        attempt.tries += 1
        return ask(self.shop.order, f"/order-product?username={attempt.username}"
                   f"&product_id={attempt.product}", attempt.key)

    def attempt(self, attempt: Attempt):
        answer = self.send(attempt)
        if attempt.is_final:
            if answer is not None and answer.status != 503 \
                    and (answer.status, answer.body) != (attempt.status, attempt.body):
                self.failures.append(f"{attempt} was answered {answer.status} {answer.body!r} later")
            return
        attempt.status = answer.status if answer is not None else None
        attempt.body = answer.body if answer is not None else b""
        if attempt.status not in (None, 200, 400, 503):
            self.failures.append(f"{attempt} is no answer to an order")


class Restocker(threading.Thread):
    """Adds items now and then, each time with a key and until it has an answer."""

    def __init__(self, shop: Shop, stop: threading.Event, seed: str):
        super().__init__(daemon=True)
        self.shop = shop
        self.stop = stop
        self.randomness = random.Random(seed)
        self.acknowledged = Counter()

    def run(self):
        number = 0
        while not self.stop.wait(self.randomness.uniform(0.02, 0.2)):
            number += 1
            product = self.randomness.choice(list(FIRST_STOCK))
            quantity = self.randomness.randint(1, 30)
            while not self.stop.is_set():
                answer = ask(self.shop.inventory, f"/restock?product_id={product}"
                             f"&quantity={quantity}", f"restock-{number}")
                if answer is not None and answer.status == 200:
                    self.acknowledged[product] += quantity
                    break
                self.stop.wait(0.02)


class Chaos:
    """A run: `kills` of either process or both, and other harm between them."""

    def __init__(self, directory: Path, kills: int, seed: int, say=lambda line: None):
        self.kills = kills
        self.seed = seed
        self.say = say
        self.randomness = random.Random(f"{seed} harm")
        self.shop = Shop(directory, random.Random(f"{seed} delays"))
        self.stop = threading.Event()
        self.clients = [Client(number, self.shop, self.stop, f"{seed} client {number}")
                        for number in range(CLIENTS)]
        self.restocker = Restocker(self.shop, self.stop, f"{seed} restocks")
        self.harm = Counter()
        self.seen_pending = 0

    def run(self) -> dict:
        """Does all of it. Returns figures; fails where something is lost, doubled or oversold."""
        began = time.monotonic()
        threads = [*self.clients, self.restocker]
        try:
            for thread in threads:
                thread.start()
            while self.harm["kill"] < self.kills:
                self._pause(0.02, 0.25)
                self.randomness.choices(
                    [self._kill, self._halt, self._fail_network], [4, 1, 1])[0]()
            self.stop.set()
            for thread in threads:
                thread.join(30)
                assert not thread.is_alive(), "a client hangs"
            self._settle()
            self._check_answers()
        finally:
            self.stop.set()
            self.shop.close()
        for name in ("orders", "inventory"):
            assert_sound(self.shop.directory / f"{name}.sqlite")
        return self._figures(time.monotonic() - began)

    def _pause(self, least: float, most: float):
        time.sleep(self.randomness.uniform(least, most))

    def _kill(self):
        names = self.randomness.choice([["order"], ["inventory"], ["order", "inventory"]])
        is_stopped = self.randomness.random() < 0.2
        for name in names:
            if is_stopped:
                self.shop.signal(name, signal.SIGSTOP)
            self.shop.kill(name)
            self.harm["kill"] += 1
            self.harm[f"kill {name}"] += 1
        self._look()
        if self.randomness.random() < 0.3:
            self._pause(0, 0.5)
        for name in self.randomness.sample(names, len(names)):
            self.shop.restart(name)
        if self.harm["kill"] % 20 == 0:
            self.say(f"{self.harm['kill']} kills")

    def _halt(self):
        """Either process gets no time for a while, with all its connections open."""
        name = self.randomness.choice(["order", "inventory"])
        self.harm["stop"] += 1
        self.shop.signal(name, signal.SIGSTOP)
        self._pause(0.1, STOP_SECONDS_MAX)
        self.shop.signal(name, signal.SIGCONT)

    def _fail_network(self):
        mode = self.randomness.choice(MODES[1:])
        self.harm[mode] += 1
        self.shop.proxy.set_mode(mode)
        self._pause(0.1, 1.0)
        if self.randomness.random() < 0.5:
            self._kill()
        self.shop.proxy.set_mode("pass")

    def _look(self):
        """The invariant, in the middle of it all."""
        orders = assert_consistent(self.shop.directory)
        self.seen_pending = max(self.seen_pending, len(orders.pending))
        self.harm["look"] += 1

    def _settle(self):
        """Waits until every client knows what became of its order, and nothing is pending."""
        self._by_all_clients(Client.settle)
        deadline = time.monotonic() + SETTLE_SECONDS_MAX
        while OrdersSnapshot.read(self.shop.directory).pending:
            assert time.monotonic() < deadline, "orders stay pending"
            time.sleep(0.05)

    def _by_all_clients(self, work):
        threads = [threading.Thread(target=work, args=(client,), daemon=True)
                   for client in self.clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [failure for client in self.clients for failure in client.failures] == []

    def _check_answers(self):
        # Once more: whoever has an answer gets that answer.
        self._by_all_clients(Client.repeat)
        orders = assert_consistent(self.shop.directory, is_settled=True)
        attempts = {attempt.username: attempt
                    for client in self.clients for attempt in client.attempts}
        placed = Counter(username for _, _, username in orders.confirmed.values())
        assert placed.keys() <= attempts.keys()
        assert not [name for name, count in placed.items() if count > 1], "somebody ordered twice"
        with Connection(self.shop.order.port) as connection:
            listed = {order["order_id"]: order
                      for order in connection.request("GET", "/list-orders").json()}
        assert listed.keys() == {number for number, _, _ in orders.confirmed.values()}
        for client in self.clients:
            for attempt in client.attempts:
                if attempt.status == 200:
                    order = listed.get(json.loads(attempt.body)["order_id"])
                    assert order is not None, f"{attempt} was acknowledged and is lost"
                    assert (order["username"], order["product_id"]) == (
                        attempt.username, attempt.product), (order, attempt)
                elif attempt.status == 400:
                    assert attempt.username not in placed, f"{attempt} was refused and is placed"

    def _figures(self, seconds: float) -> dict:
        attempts = [attempt for client in self.clients for attempt in client.attempts]
        answers = Counter(str(attempt.status) for attempt in attempts)
        return {
            "seed": self.seed, "seconds": round(seconds, 1), "harm": dict(self.harm),
            "orders wanted": len(attempts), "requests": sum(one.tries for one in attempts),
            "last answers": dict(answers), "pending at a kill, most": self.seen_pending,
            "answers cut by the network": self.shop.proxy.cut,
            "items restocked": sum(self.restocker.acknowledged.values()),
            "orders missing": 0, "orders doubled": 0, "items oversold": 0}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32),
                        help="printed, so that a run can be repeated")
    parser.add_argument("--directory", type=Path, help="keeps the databases there")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with contextlib.ExitStack() as stack:
        directory = options.directory or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="ostack-chaos-")))
        figures = Chaos(directory, options.kills, options.seed,
                        lambda line: print(line, flush=True)).run()
    for name, value in figures.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    sys.exit(main())
