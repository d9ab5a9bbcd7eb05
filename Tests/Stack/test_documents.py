"""docs/stack.md and docs/operations.md speak of what there is."""

import json
import re

import pytest

from repository import CONFIGURATION, DASHBOARDS, DOCUMENT, ROOT, VARIANTS, compose, configuration

OPERATIONS = ROOT / "docs" / "operations.md"
NUMBERS = {"six": 6, "ten": 10}


def alerts() -> list[str]:
    return [rule["alert"] for group in configuration("rules/alerts.yml")["groups"]
            for rule in group["rules"]]


@pytest.mark.parametrize("document", [DOCUMENT, OPERATIONS], ids=lambda path: path.name)
def test_files_that_are_named_exist(document):
    text = document.read_text()
    for name in re.findall(r"`((?:config_volumes|Dockerfiles|Scripts|docker-compose)[\w./-]*)`", text):
        assert (ROOT / name).exists(), name
    for target in re.findall(r"\]\(([\w./-]+\.md)", text):
        assert (document.parent / target).exists(), target
    for target in re.findall(r"`make ([\w-]+)`", text):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), target
    for name in re.findall(r"-f (docker-compose\S*\.yml)", text):
        assert (ROOT / name).exists(), name


def test_every_file_of_the_configuration_is_named():
    """Itself, or the pattern or folder that it belongs to."""
    text = DOCUMENT.read_text()
    for path in CONFIGURATION.iterdir():
        stands_for = {path.name, f"{path.name}/"}
        if path.stem.endswith("-light"):
            stands_for.add("*-light.yaml")
        if path.stem.startswith("grafana-"):
            stands_for.add("grafana-*.yaml")
        assert any(name in text for name in stands_for), path.name
    for file in VARIANTS.values():
        assert file in text


def test_ports_that_are_named_are_published():
    published = {int(port.split(":")[-2]) for service in compose()["services"].values()
                 for port in service.get("ports", [])}
    text = DOCUMENT.read_text()
    named = {int(port) for port in re.findall(r"(?:localhost|127\.0\.0\.1|`):(\d{4,5})\b", text)}
    assert named == published


def test_alerts_and_dashboards_are_named():
    text = DOCUMENT.read_text()
    listed = text[text.index("## Alerts"):text.index("## Variants")]
    assert set(re.findall(r"`([A-Z]\w+)`", listed)) == set(alerts())
    boards = [json.loads(path.read_text()) for path in DASHBOARDS.glob("*.json")]
    for board in boards:
        assert f"| {board['title']} |" in text
    [(some, few)] = re.findall(r"\| (\w+), and (\w+), made from files and tested \|",
                               OPERATIONS.read_text())
    assert (NUMBERS[some], NUMBERS[few]) == (len(boards), len(alerts()))


def test_limits_that_are_named_are_set():
    rows = re.findall(r"^\| ([a-z, -]+) \| (\d+) MiB(?: each)? \|", OPERATIONS.read_text(),
                      re.MULTILINE)
    named = {name: int(limit) for names, limit in rows for name in names.split(", ")}
    actual = {name: int(service["deploy"]["resources"]["limits"]["memory"].removesuffix("M"))
              for name, service in compose()["services"].items()}
    assert named == actual
