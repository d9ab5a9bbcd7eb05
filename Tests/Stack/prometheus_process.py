"""A real Prometheus with the stack's own settings, for asking it what dashboards would ask."""

import json
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import yaml

from repository import CONFIGURATION, configuration, version
from test_prometheus import SINCE

START_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Prometheus:
    """Scrapes itself and `target`, and evaluates the rules, every second instead of every 15."""

    def __init__(self, binary: str, directory: Path, target: str, stack):
        run = subprocess.run([binary, "--version"], capture_output=True, text=True)
        own = version(run.stdout + run.stderr)
        if own < (3, 5):
            pytest.skip(f"prometheus {own} knows too little of the settings")
        self.stack, self.target = stack, target
        # Prometheus cannot say which port it was given; another process may take it in between.
        for _ in range(5):
            self.port = free_port()
            self.url = f"http://127.0.0.1:{self.port}"
            self.process = self._start(binary, directory, own)
            if self._is_ready():
                return
            self.stop()
        raise AssertionError((directory / "log").read_text())

    def _start(self, binary: str, directory: Path, own: tuple[int, int]) -> subprocess.Popen:
        config = dict(configuration("prometheus.yml"))
        config["global"] = {key: value for key, value in config["global"].items()
                            if SINCE.get(key, (0, 0)) <= own}
        config["global"] |= {"scrape_interval": "1s", "evaluation_interval": "1s"}
        config["rule_files"] = [str(CONFIGURATION / "rules" / "*.yml")]
        config.pop("scrape_config_files")
        config["scrape_configs"] = [
            {"job_name": "prometheus", "static_configs": [{"targets": [f"127.0.0.1:{self.port}"]}]},
            {"job_name": "services", "honor_labels": True,
             "static_configs": [{"targets": [self.target]}]}]
        path = directory / "prometheus.yml"
        path.write_text(yaml.safe_dump(config))
        with (directory / "log").open("w") as log:
            return subprocess.Popen(
                [binary, f"--config.file={path}", f"--storage.tsdb.path={directory / 'data'}",
                 "--enable-feature=exemplar-storage",
                 f"--web.listen-address=127.0.0.1:{self.port}"], stdout=log, stderr=log)

    def _is_ready(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/-/ready", timeout=1):
                    return True
            except OSError:
                time.sleep(0.05)
        return False

    def stop(self):
        self.process.kill()
        self.process.wait(10)

    def get(self, path: str, **parameters):
        url = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from None

    def query(self, expression: str) -> list:
        """The samples of an instant query; those that are no number are left out."""
        data = self.get("query", query=expression)
        if data["resultType"] == "scalar":
            return [data["result"]]
        return [sample for sample in data["result"]
                if "histogram" in sample or not re.match("NaN", sample["value"][1])]

    def names(self) -> set[str]:
        return set(self.get("label/__name__/values"))
