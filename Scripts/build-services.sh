#!/usr/bin/env bash
# Builds both services as they are run, and prints the folder that they are in.
#
# With Swift's libraries inside: one file to copy, less memory, no Swift needed where it runs.
set -euo pipefail
cd "$(dirname "$0")/.."
options=(-c release --static-swift-stdlib)
swift build "${options[@]}" --product inventory-service >&2
swift build "${options[@]}" --product order-service >&2
swift build "${options[@]}" --show-bin-path
