"""The dashboards: up to date, well formed, and asking for what there is."""

import json
import re
import subprocess
import sys
from functools import cache

import pytest
import yaml

from promql import fill, metric_names, name_patterns, prometheus_names
from repository import DASHBOARDS, ROOT, configuration, load
from test_prometheus import promtool

NAMES = sorted(path.stem for path in DASHBOARDS.glob("*.json"))
EXPECTED = ["logs", "orders", "pipeline", "processes", "services", "traces"]
KINDS = {"row", "timeseries", "stat", "bargauge", "heatmap", "table", "logs", "nodeGraph"}


@cache
def dashboard(name: str) -> dict:
    return json.loads((DASHBOARDS / f"{name}.json").read_text())


def panels(name: str) -> list[dict]:
    return [panel for panel in dashboard(name)["panels"] if panel["type"] != "row"]


def queries(source: str) -> list[tuple[str, str]]:
    """(dashboard and panel, expression) of every query to a source."""
    return [(f"{name}: {panel['title']}", target["expr"])
            for name in NAMES for panel in panels(name) for target in panel["targets"]
            if target["datasource"]["uid"] == source and "expr" in target]


def recorded() -> dict[str, str]:
    return {rule["record"]: rule["expr"] for group in configuration("rules/recording.yml")["groups"]
            for rule in group["rules"]}


def alert_expressions() -> list[tuple[str, str]]:
    return [(rule["alert"], rule["expr"]) for group in configuration("rules/alerts.yml")["groups"]
            for rule in group["rules"]]


def test_they_are_up_to_date():
    run = subprocess.run([sys.executable, str(ROOT / "Scripts" / "dashboards"), "--check"],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert NAMES == EXPECTED


@pytest.mark.parametrize("name", NAMES)
def test_form(name):
    board = dashboard(name)
    assert board["uid"] == f"ostack-{name}" and board["title"] and board["description"]
    # The classic form, which files can bring in; Grafana's newer one cannot come from a file.
    assert "apiVersion" not in board and board["schemaVersion"] >= 36
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    sources = {source["uid"]: source["type"]
               for source in configuration("grafana-datasources.yaml")["datasources"]}
    for panel in board["panels"]:
        assert panel["type"] in KINDS and panel["title"]
        for target in panel.get("targets", []):
            assert sources[target["datasource"]["uid"]] == target["datasource"]["type"]
        references = [target["refId"] for target in panel.get("targets", [])]
        assert len(references) == len(set(references)), panel["title"]


@pytest.mark.parametrize("name", NAMES)
def test_panels_do_not_overlap(name):
    taken = {}
    for panel in dashboard(name)["panels"]:
        grid = panel["gridPos"]
        assert grid["x"] + grid["w"] <= 24
        for x in range(grid["x"], grid["x"] + grid["w"]):
            for y in range(grid["y"], grid["y"] + grid["h"]):
                assert taken.setdefault((x, y), panel["title"]) == panel["title"]


@pytest.mark.parametrize("name", NAMES)
def test_variables_are_declared_and_used(name):
    board = dashboard(name)
    declared = {variable["name"] for variable in board["templating"]["list"]}
    used = set(re.findall(r"\$(?!__)(\w+)", " ".join(
        target.get("expr", "") for panel in panels(name) for target in panel["targets"])))
    used = {variable for variable in used if not variable.isdigit()}  # $1 of label_replace
    assert used == declared


def test_expressions_are_promql(tmp_path):
    """Every query as a rule of its own, read by promtool."""
    every = queries("prometheus")
    assert len(every) > 50
    rules = [{"record": f"query_{number}", "expr": fill(expression)}
             for number, (_, expression) in enumerate(every)]
    path = tmp_path / "queries.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    run = promtool("check", "rules", path)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="module")
def known(emitted) -> set[str]:
    """Every series that there can be: our services', as they sent them, and other programs'."""
    own = {name for entry in emitted for name in prometheus_names(
        entry.metric.name, entry.kind, entry.metric.unit,
        getattr(entry.data, "is_monotonic", False))}
    others = {name for names in load("Tests/Stack/metric_catalogue.yml").values() for name in names}
    return own | others | set(recorded()) | {"target_info"}


@pytest.mark.parametrize("where, expression",
                         queries("prometheus") + list(recorded().items()) + alert_expressions(),
                         ids=lambda value: value[:60] if " " not in value[:3] else "query")
def test_asks_for_metrics_that_exist(known, where, expression):
    names = metric_names(expression)
    patterns = name_patterns(expression)
    assert names or patterns or expression == "vector(0)"
    assert names <= known, f"{where}: nothing sends {names - known}"
    for pattern in patterns:
        assert any(re.fullmatch(pattern, name) for name in known), f"{where}: {pattern}"


def test_catalogue_has_nothing_that_is_not_asked_for():
    asked = " ".join(expression for _, expression in
                     queries("prometheus") + alert_expressions() + list(recorded().items()))
    links = (ROOT / "config_volumes" / "grafana-datasources.yaml").read_text()
    for names in load("Tests/Stack/metric_catalogue.yml").values():
        for name in names:
            patterns = name_patterns(asked)
            assert re.search(rf"\b{name}\b", asked + links) or any(
                re.fullmatch(pattern, name) for pattern in patterns), name


def test_log_queries_ask_for_labels_that_loki_keeps():
    config = configuration("loki-config.yaml")
    labels = {label.replace(".", "_") for label in config["distributor"]["otlp_config"][
        "default_resource_attributes_as_index_labels"]}
    beside = {"detected_level", "trace_id", "span_id"}
    every = queries("loki")
    assert len(every) >= 4
    for where, expression in every:
        selectors = re.findall(r"\{([^}]*)\}", expression)
        assert len(selectors) == 1, where
        assert set(re.findall(r'(\w+)\s*(?:=~|!~|!=|=)\s*"', selectors[0])) <= labels, where
        rest = re.sub(r"\{[^}]*\}", "", expression)
        assert set(re.findall(r"\|\s*(\w+)\s*=~?", rest)) <= beside, where
        for grouped in re.findall(r"by \((\w+)\)", rest):
            assert grouped in labels | beside, where
        for opening, closing in ("()", "{}", "[]"):
            assert expression.count(opening) == expression.count(closing), where


def test_durations_lead_to_traces():
    """Every panel of a percentile shows exemplars on at least one of its lines."""
    for name in NAMES:
        for panel in panels(name):
            asked = [target for target in panel["targets"]
                     if "histogram_quantile" in target.get("expr", "")]
            if asked and panel["type"] == "timeseries":
                assert any(target["exemplar"] for target in asked), panel["title"]
