"""The files of the stack, read once, and the programs that check them."""

import os
import re
import shutil
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "config_volumes"
DASHBOARDS = CONFIGURATION / "dashboards"
COMPOSE = "docker-compose.yml"
VARIANTS = {"light": "docker-compose.light.yml", "seaweedfs": "docker-compose.seaweedfs.yml"}
DOCUMENT = ROOT / "docs" / "stack.md"


class Loader(yaml.SafeLoader):
    """YAML in which a key may not come twice, and Compose's own tags are kept out of the way."""

    def construct_mapping(self, node, deep=False):
        names = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        assert len(names) == len(set(names)), f"{node.start_mark}: a key twice in {names}"
        return super().construct_mapping(node, deep)


def _untagged(loader, suffix, node):
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return loader.construct_sequence(node, deep=True)


Loader.add_multi_constructor("!", _untagged)


@cache
def load(path: str):
    """A YAML file of the repository."""
    return yaml.load((ROOT / path).read_text(), Loader)


def configuration(name: str):
    return load(f"config_volumes/{name}")


def compose() -> dict:
    return load(COMPOSE)


def tool(name: str) -> str:
    """The path of a program; skips the test where it cannot be had, but never in CI."""
    found = shutil.which(name) if name == "docker" else None
    unpacked = ROOT / ".build" / "stack-tools" / "bin" / name
    found = found or (str(unpacked) if unpacked.exists() else shutil.which(name))
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is missing: Scripts/stack-tools.sh unpacks it")
        pytest.skip(f"{name} is not to be had here")
    return found


def version(text: str) -> tuple[int, int]:
    match = re.search(r"version[ :]+v?(\d+)\.(\d+)", text)
    assert match, text
    return int(match[1]), int(match[2])
