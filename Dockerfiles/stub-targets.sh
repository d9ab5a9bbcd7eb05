#!/bin/sh
# Gives every target of ./Package.swift that has no folder yet one with an empty source file, so
# that `swift build` can compile the dependencies before the sources are there.
set -eu
awk '
  match($0, /\.(target|executableTarget|testTarget)\(/) {
    kind = substr($0, RSTART + 1, RLENGTH - 2)
  }
  kind != "" && match($0, /name: "[^"]+"/) {
    name = substr($0, RSTART + 7, RLENGTH - 8)
    path = (kind == "testTarget" ? "Tests/" : "Sources/") name
    if (match($0, /path: "[^"]+"/)) path = substr($0, RSTART + 7, RLENGTH - 8)
    print path, (kind == "executableTarget" ? "main.swift" : "Stub.swift")
    kind = ""
  }
' Package.swift | while read -r path file; do
  if [ ! -d "$path" ]; then
    mkdir -p "$path"
    : > "$path/$file"
  fi
done
