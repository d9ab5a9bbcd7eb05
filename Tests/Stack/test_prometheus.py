"""Prometheus' configuration and rules, read and tried by promtool."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from repository import CONFIGURATION, DASHBOARDS, compose, configuration, tool, version

RULES = sorted((CONFIGURATION / "rules").glob("*.yml"))
# The first versions that know a setting; the stack runs a later one than Debian has.
SINCE = {"scrape_native_histograms": (3, 8), "always_scrape_classic_histograms": (3, 5)}


def promtool(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([tool("promtool"), *map(str, arguments)], capture_output=True, text=True)


def own_version() -> tuple[int, int]:
    run = promtool("--version")
    return version(run.stdout + run.stderr)


def image_version() -> tuple[int, int]:
    tag = compose()["services"]["prometheus"]["image"].rpartition(":v")[2]
    return tuple(int(part) for part in tag.split(".")[:2])


@pytest.mark.parametrize("scrape", sorted(path.name for path in (CONFIGURATION / "scrape").iterdir()))
def test_configuration(tmp_path, scrape):
    own = own_version()
    if own < (3, 5):
        pytest.skip(f"promtool {own} knows too little of the settings")
    config = dict(configuration("prometheus.yml"))
    config["global"] = {key: value for key, value in config["global"].items()
                        if SINCE.get(key, (0, 0)) <= own}
    assert all(since <= image_version() for since in SINCE.values())
    config["rule_files"] = [str(CONFIGURATION / "rules" / "*.yml")]
    config["scrape_config_files"] = [str(tmp_path / "scrape" / "*.yml")]
    (tmp_path / "scrape").mkdir()
    shutil.copy(CONFIGURATION / "scrape" / scrape, tmp_path / "scrape")
    path = tmp_path / "prometheus.yml"
    path.write_text(yaml.safe_dump(config))
    run = promtool("check", "config", path)
    assert run.returncode == 0, run.stderr
    assert "rules found" in run.stdout and "WARNING" not in run.stdout + run.stderr


def test_rules_are_valid():
    run = promtool("check", "rules", "--lint=all", "--lint-fatal", *RULES)
    assert run.returncode == 0, run.stdout + run.stderr


def test_rules_do_what_they_say():
    """The unit tests of rules_test.yml."""
    run = promtool("test", "rules", Path(__file__).with_name("rules_test.yml"))
    assert run.returncode == 0, run.stdout + run.stderr


def alerts() -> dict[str, dict]:
    return {rule["alert"]: rule for group in configuration("rules/alerts.yml")["groups"]
            for rule in group["rules"]}


@pytest.mark.parametrize("name", alerts())
def test_alert_says_what_and_where(name):
    rule = alerts()[name]
    assert rule["labels"]["severity"] in ("warning", "critical")
    assert rule["annotations"]["summary"] and rule["annotations"]["description"]
    uid = rule["annotations"]["dashboard"].removeprefix("/d/ostack-")
    assert (DASHBOARDS / f"{uid}.json").is_file()


def test_every_rule_is_tried():
    """Each alert fires in a unit test, and each recorded series is asked for by one."""
    tests = Path(__file__).with_name("rules_test.yml").read_text()
    for name in alerts():
        assert re.search(rf"alertname: {name}\n\s+exp_alerts:\n\s+- exp_labels", tests), name
    for group in configuration("rules/recording.yml")["groups"]:
        for rule in group["rules"]:
            assert rule["record"] in tests, rule["record"]


def test_receives_what_the_collector_sends():
    command = compose()["services"]["prometheus"]["command"]
    assert "--web.enable-otlp-receiver" in command
    assert "--enable-feature=exemplar-storage" in command
    otlp = configuration("prometheus.yml")["otlp"]
    assert otlp["translation_strategy"] == "UnderscoreEscapingWithSuffixes"
    assert {"service.name", "service.namespace"} <= set(otlp["promote_resource_attributes"])


def test_every_program_is_scraped():
    jobs = {job["job_name"]: job for job in configuration("prometheus.yml")["scrape_configs"]}
    assert set(jobs) == {"prometheus", "otel-collector", "jaeger", "loki", "grafana"}
    mounts = compose()["services"]["prometheus"]["volumes"]
    folder = os.path.dirname(configuration("prometheus.yml")["scrape_config_files"][0])
    assert any(mount.endswith(f":{folder}/storage.yml:ro") for mount in mounts)
    rules = os.path.dirname(configuration("prometheus.yml")["rule_files"][0])
    assert f"./config_volumes/rules:{rules}:ro" in mounts
