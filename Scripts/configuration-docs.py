#!/usr/bin/env python3
"""Writes docs/configuration.md's tables anew, from what the built programs say of themselves.

usage: Scripts/configuration-docs.py DIRECTORY-OF-THE-BINARIES
"""

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "configuration.md"
HEAD = "| variable | default | meaning |\n|--|--|--|\n"


def rows(program: str) -> list[str]:
    return subprocess.run([Path(sys.argv[1]) / program, "config", "--markdown"], text=True,
                          check=True, capture_output=True).stdout.splitlines()


def main():
    order, inventory = rows("order-service"), rows("inventory-service")
    shared = [row for row in order if row in inventory]
    tables = {"The order service": [row for row in order if row not in shared],
              "The inventory service": [row for row in inventory if row not in shared],
              "Both": shared}
    text = PAGE.read_text()
    for title, table in tables.items():
        body = f"## {title}\n\n{HEAD}" + "\n".join(table) + "\n"
        text = re.sub(rf"## {title}\n\n(?:\|.*\n)+", lambda _: body, text)
    PAGE.write_text(text)


main()
