#!/usr/bin/env bash
# Checks that the examples compile as programs of other packages do: with what is public, and nothing
# else. It takes the modules of the last `swift build`, so it costs seconds.
set -euo pipefail
cd "$(dirname "$0")/.."

modules=$(swift build --show-bin-path)
for example in Examples/*/; do
  name=$(basename "$example")
  echo "example $name"
  swiftc -typecheck -parse-as-library -module-name "$name" -package-name example \
    -swift-version 6 -warnings-as-errors -I "$modules/Modules" \
    -Xcc -fmodule-map-file="$modules/CLinux.build/module.modulemap" \
    -Xcc -fmodule-map-file=Sources/CZlib/module.modulemap \
    -Xcc -fmodule-map-file=Sources/COpenSSL/module.modulemap \
    "$example"Sources/"$name"/*.swift
done
