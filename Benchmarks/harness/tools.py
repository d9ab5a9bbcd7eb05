"""What must be installed and built before anything can be measured."""

import os
import shutil
import subprocess
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
ROOT = BENCHMARKS.parent


class Unavailable(Exception):
    """Something could not be installed or built; the text says what and why."""


# What the project's own services are built with.
LIBRARIES = ("libsqlite3-dev", "libssl-dev", "zlib1g-dev")


def ensure_commands(packages):
    """Installs the commands that are missing; `packages` says in which package each one is."""
    missing = [name for name in packages if shutil.which(name) is None]
    if missing:
        install(sorted({packages[name] for name in missing}))
    still = [name for name in missing if shutil.which(name) is None]
    if still:
        raise Unavailable(f"{' and '.join(still)} not found: install "
                          f"{' '.join(packages[name] for name in still)}")


def system_program(name, package):
    """A server's program, which may lie where only the administrator looks; installed if missing."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    if shutil.which(name, path=path) is None:
        install([package])
    program = shutil.which(name, path=path)
    if program is None:
        raise Unavailable(f"{name} not found: install {package}")
    return program


def install(names):
    """Installs packages of the system by their names; without a package manager it says so."""
    script = str(ROOT / "Scripts/system-packages.sh")
    finished = subprocess.run([script, *names], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise Unavailable(f"cannot install {' '.join(names)}: {finished.stderr.strip()[-300:]}")


class Builder:
    """Builds programs below `scratch` and knows where they lie."""

    def __init__(self, scratch, own_scratch, jobs=None, is_building=True):
        self.scratch = Path(scratch).resolve()
        self.own_scratch = Path(own_scratch).resolve()
        self._jobs = jobs
        self._is_building = is_building
        self._built = set()
        self.scratch.mkdir(parents=True, exist_ok=True)

    def c_program(self, source, name, *flags):
        """Builds one C file. Returns the program's path."""
        target = self.scratch / name
        if self._is_to_be_built(target) or not target.exists():
            self._run(["cc", "-O2", "-Wall", "-Wextra", "-pthread", *flags,
                       str(BENCHMARKS / source), "-o", str(target)], name)
            self._built.add(target)
        return target

    def own_product(self, product):
        """Builds one of the project's own services. Returns the program's path."""
        if self._is_building:
            install(LIBRARIES)
        return self._swift(ROOT, self.own_scratch, product)

    def certificate(self):
        """A certificate and its key, of this machine's own. Returns both paths."""
        pair = self.scratch / "certificate.pem", self.scratch / "certificate.key"
        if not all(path.exists() for path in pair):
            self._run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                       "ec_paramgen_curve:P-256", "-nodes", "-days", "3650",
                       "-subj", "/CN=localhost", "-out", str(pair[0]), "-keyout", str(pair[1])],
                      "a certificate")
        return pair

    def peer(self, folder, product, scratch_name, is_static=True):
        """Builds the package in `folder`. Returns the program's path."""
        return self._swift(BENCHMARKS / folder, self.scratch / scratch_name, product, is_static)

    def _swift(self, package, scratch, product, is_static=True):
        program = scratch / "release" / product
        if self._is_to_be_built(program):
            command = ["nice", "swift", "build", "-c", "release",
                       *(["--static-swift-stdlib"] if is_static else []), "--product", product,
                       "--package-path", str(package), "--scratch-path", str(scratch)]
            if self._jobs is not None:
                command += ["-j", str(self._jobs)]
            self._run(command, product)
            self._built.add(program)
        if not program.exists():
            raise Unavailable(f"{program} is not there; build it first")
        return program

    def _is_to_be_built(self, program):
        """Once in a run, unless it is told to build nothing."""
        return self._is_building and program not in self._built

    @staticmethod
    def _run(command, name):
        print(f"building {name} …", flush=True)
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            text = finished.stdout + finished.stderr
            lines = [line for line in text.splitlines() if "error:" in line]
            raise Unavailable(f"building {name} failed: {(lines or text.splitlines()[-1:])[0]}")
