"""Writes Grafana's dashboards from their descriptions in this folder.

    python3 Scripts/dashboards            writes config_volumes/dashboards/*.json
    python3 Scripts/dashboards --check    says whether they are up to date (exit code 1: they are not)
"""

import json
import sys
from pathlib import Path

import logs
import orders
import pipeline
import processes
import services
import traces

FOLDER = Path(__file__).resolve().parents[2] / "config_volumes" / "dashboards"
DASHBOARDS = [module.DASHBOARD for module in (services, orders, traces, logs, pipeline, processes)]


def main(check: bool) -> int:
    stale = []
    for dashboard in DASHBOARDS:
        path = FOLDER / f"{dashboard.name}.json"
        text = json.dumps(dashboard.json(), indent=1) + "\n"
        if not path.is_file() or path.read_text() != text:
            stale.append(path.name)
            if not check:
                path.write_text(text)
    print(f"{len(DASHBOARDS)} dashboards, {'stale' if check else 'written'}: {stale}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
