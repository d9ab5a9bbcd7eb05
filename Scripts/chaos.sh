#!/usr/bin/env bash
# Kills and stops both services at random, and breaks the network between them, while clients order:
# CHAOS="--kills 200 --seed 7". Fails where an order is lost or doubled, or an item oversold.
set -euo pipefail
cd "$(dirname "$0")/.."

Scripts/system-packages.sh libsqlite3-dev libssl-dev zlib1g-dev python3
OSTACK_BIN=$(Scripts/build-services.sh)
export OSTACK_BIN
cd Tests/Integration
# shellcheck disable=SC2086
exec python3 chaos.py ${CHAOS:-}
