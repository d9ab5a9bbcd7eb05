#!/usr/bin/env bash
# Installs what the tests need, and runs all of them: Swift's, then those of the running services.
set -euo pipefail
cd "$(dirname "$0")/.."

Scripts/system-packages.sh libsqlite3-dev libssl-dev zlib1g-dev python3-venv libpython3-dev openssl \
  curl make util-linux chromium fonts-dejavu-core nodejs
if [ ! -x .venv/bin/python ]; then python3 -m venv .venv; fi
.venv/bin/pip install --quiet --disable-pip-version-check -r Tests/Integration/requirements.txt
export OSTACK_PYTHON="$PWD/.venv/bin/python"

swift build --build-tests
Scripts/examples.sh
# One target after another: tests that block a thread must not starve those of another target; nor
# each other, where many wait for time to pass.
for folder in Tests/*Tests; do
  target=$(basename "$folder")
  serially=()
  [ "$target" != TelemetryTests ] || serially=(--no-parallel)
  swift test --skip-build "${serially[@]}" --filter "^$target\\."
done

# The services as users run them, seen from outside.
OSTACK_BIN=$(Scripts/build-services.sh)
export OSTACK_BIN
(cd Tests/Integration && ../../.venv/bin/python -m pytest)

# The stack's configuration, checked by its own programs where they can be had; and its tools, which
# were built with the tests.
Scripts/stack-tools.sh
(cd Tests/Stack && env -u OSTACK_BIN ../../.venv/bin/python -m pytest)
