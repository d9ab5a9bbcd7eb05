"""What must be installed and built before anything can be measured."""

import os
import shutil
import subprocess
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
ROOT = BENCHMARKS.parent


class Unavailable(Exception):
    """Something could not be installed or built; the text says what and why."""


def ensure_commands(names):
    """Installs the commands that are missing, by their name, where apt can."""
    missing = [name for name in names if shutil.which(name) is None]
    if not missing:
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise Unavailable(f"{' and '.join(missing)} not found: install them "
                          f"(on Debian: apt-get install {' '.join(missing)})")
    print(f"installing {' '.join(missing)}", flush=True)
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *missing]):
        finished = subprocess.run(
            command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise Unavailable(f"apt-get install {' '.join(missing)}: {finished.stderr.strip()[-300:]}")


class Builder:
    """Builds programs below `scratch` and knows where they lie."""

    def __init__(self, scratch, own_scratch, jobs=None, is_building=True):
        self.scratch = Path(scratch).resolve()
        self.own_scratch = Path(own_scratch).resolve()
        self._jobs = jobs
        self._is_building = is_building
        self.scratch.mkdir(parents=True, exist_ok=True)

    def c_program(self, source, name, *flags):
        """Builds one C file. Returns the program's path."""
        target = self.scratch / name
        if self._is_building or not target.exists():
            self._run(["cc", "-O2", "-Wall", "-Wextra", "-pthread", *flags,
                       str(BENCHMARKS / source), "-o", str(target)], name)
        return target

    def own_product(self, product):
        """Builds one of the project's own services. Returns the program's path."""
        return self._swift(ROOT, self.own_scratch, product)

    def peer(self, folder, product, scratch_name):
        """Builds the package in `folder`. Returns the program's path."""
        return self._swift(BENCHMARKS / folder, self.scratch / scratch_name, product)

    def _swift(self, package, scratch, product):
        program = scratch / "release" / product
        if self._is_building:
            command = ["swift", "build", "-c", "release", "--product", product,
                       "--package-path", str(package), "--scratch-path", str(scratch)]
            if self._jobs is not None:
                command += ["-j", str(self._jobs)]
            self._run(command, product)
        if not program.exists():
            raise Unavailable(f"{program} is not there; build it first")
        return program

    @staticmethod
    def _run(command, name):
        print(f"building {name} …", flush=True)
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            text = finished.stdout + finished.stderr
            lines = [line for line in text.splitlines() if "error:" in line]
            raise Unavailable(f"building {name} failed: {(lines or text.splitlines()[-1:])[0]}")
