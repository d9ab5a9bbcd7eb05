"""Schemathesis against both services, from their own description, with all its checks.

EXAMPLES sets how many test cases an operation gets at the most (more by hand: docs/api.md).
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
EXAMPLES = os.environ.get("EXAMPLES", "15")


@pytest.mark.parametrize("name", ["order", "inventory"])
def test_schemathesis(start_stack, report, name, tmp_path):
    stack = start_stack()
    service = getattr(stack, name)
    answer = subprocess.run(
        [Path(sys.executable).with_name("st"), "--config-file", HERE / "schemathesis.toml", "run",
         f"{service.url}/openapi.json", "--checks", "all", "--max-examples", EXAMPLES,
         "--continue-on-failure", "--seed", "1", "--request-timeout", "10"],
        cwd=tmp_path, env=os.environ | {
            "NO_COLOR": "1", "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")},
        capture_output=True, text=True, timeout=3600)
    assert answer.returncode == 0, answer.stdout[-6000:] + answer.stderr[-2000:]
    [cases] = re.findall(r"(\d[\d,]*) generated", answer.stdout)
    assert int(cases.replace(",", "")) > 100
    report(f"schemathesis, {name} service: {cases} cases, no failure")
    stack.stop()
