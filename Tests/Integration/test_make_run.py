"""`make run`: both services up with one command, and down again with one signal.

The building is cut short: a stand-in for `swift` points the script at what is built already.
"""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from ostack_processes import BINARIES, REPOSITORY, Process, clean_environment
from raw_http import ConnectionClosed, request

READY_SECONDS = 40.0
SWIFT = f"""#!/bin/sh
case " $* " in
*" --show-bin-path "*) echo '{BINARIES}' ;;
*" build "*) ;;
*) exit 9 ;;
esac
"""


def free_ports(count: int) -> list[int]:
    """Ports that were free just now. The script prints URLs, so it must know them beforehand."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [taken.getsockname()[1] for taken in sockets]
    for taken in sockets:
        taken.close()
    return ports


class Run(Process):
    """The script, or `make run`, leading a session of its own and without a terminal."""

    def __init__(self, directory: Path, command: list, **settings):
        swift = directory / "bin" / "swift"
        swift.parent.mkdir()
        swift.write_text(SWIFT)
        swift.chmod(0o755)
        self.order, self.inventory = free_ports(2)
        defaults = {"ORDER_SERVICE_PORT": self.order, "INVENTORY_SERVICE_PORT": self.inventory,
                    "DATA_DIRECTORY": directory / "data", "TELEMETRY": "off",
                    "PATH": f"{swift.parent}:{os.environ['PATH']}"}
        super().__init__(command, clean_environment(**(defaults | settings)),
                         start_new_session=True, cwd=REPOSITORY)

    def wait_until_ready(self) -> list[str]:
        """The commands that it says to try."""
        self.wait_for_line("word that it is ready", self.out,
                           lambda line: re.search(r"Ctrl-C", line), READY_SECONDS)
        with self.changed:
            found = [re.search(r"\bcurl .*http://.*", line) for line in self.out.lines]
            return [match[0] for match in found if match]

    def members(self) -> list[str]:
        """Command lines of the processes of its session that are alive."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                # After the name in parentheses: state, parent, group, session.
                state, _, _, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(session) == self.pid and state != "Z":
                found.append(command)
        return found

    def assert_gone(self):
        assert self.members() == []
        for port in (self.order, self.inventory):
            with pytest.raises((ConnectionRefusedError, ConnectionClosed)):
                request(port, "GET", "/health", timeout=2)

    def discard(self):
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.child.wait(10)


@pytest.fixture
def run(tmp_path):
    started = []

    def start(*command, **settings) -> Run:
        process = Run(tmp_path, command or (REPOSITORY / "Scripts" / "run.sh",), **settings)
        started.append(process)
        return process

    yield start
    for process in started:
        process.discard()


def test_what_it_says_works(run, tmp_path):
    process = run(APP_ENV="stage")
    commands = process.wait_until_ready()
    said = "\n".join(process.out.lines)
    assert f"http://localhost:{process.order}" in said
    assert f"http://localhost:{process.inventory}" in said
    answers = [subprocess.run(["sh", "-c", f"{command} -sS"], capture_output=True, timeout=20,
                              check=True).stdout for command in commands]
    assert b'"message":"Order placed successfully"' in answers[0]
    assert b'"username":"ann"' in answers[1]
    assert b'"environment":"stage"' in request(process.order, "GET", "/health").body
    assert (tmp_path / "data" / "orders.sqlite").exists()
    assert process.stop(signal.SIGTERM) == 0
    process.assert_gone()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_to_the_script(run, number):
    process = run()
    process.wait_until_ready()
    assert process.stop(number) == 0
    process.assert_gone()


def test_ctrl_c_reaches_the_whole_group(run):
    process = run()
    process.wait_until_ready()
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait() == 0
    process.assert_gone()


def test_make_run_and_ctrl_c(run):
    process = run("make", "run")
    process.wait_until_ready()
    os.killpg(process.pid, signal.SIGINT)
    process.wait()
    process.assert_gone()


@pytest.mark.parametrize("setting", ["ORDER_SERVICE_PORT", "INVENTORY_SERVICE_PORT"])
def test_a_bad_setting_ends_both(run, setting):
    process = run(**{setting: "many"})
    assert process.wait(READY_SECONDS) == 78
    assert any(f": {setting}: " in line for line in process.err.lines)
    assert not any("curl" in line for line in process.out.lines)
    assert process.members() == []


@pytest.mark.parametrize("service", ["order-service", "inventory-service"])
def test_when_one_dies_so_does_the_other(run, service):
    process = run()
    process.wait_until_ready()
    [pid] = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()
             and is_child(entry, process.pid, service)]
    os.kill(pid, signal.SIGKILL)
    assert process.wait() != 0
    process.assert_gone()


def is_child(entry: Path, session: int, name: str) -> bool:
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
        arguments = (entry / "cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(fields[3]) == session and arguments[0].endswith(f"/{name}".encode())
