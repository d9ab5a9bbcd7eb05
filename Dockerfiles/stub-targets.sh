#!/bin/sh
# Gives every target of ./Package.swift that has no folder yet one with an empty source file, and
# the resources that it names, so that `swift build` can compile the dependencies before the
# sources are there.
set -eu
awk '
  function emit() {
    if (path != "") print path, (kind == "executableTarget" ? "main.swift" : "Stub.swift") resources
    kind = path = resources = ""
  }
  match($0, /\.(target|executableTarget|testTarget|systemLibrary)\(/) {
    emit()
    kind = substr($0, RSTART + 1, RLENGTH - 2)
  }
  kind != "" && path == "" && match($0, /name: "[^"]+"/) {
    path = (kind == "testTarget" ? "Tests/" : "Sources/") substr($0, RSTART + 7, RLENGTH - 8)
  }
  kind != "" && match($0, /path: "[^"]+"/) { path = substr($0, RSTART + 7, RLENGTH - 8) }
  kind != "" {
    rest = $0
    while (match(rest, /\.(embedInCode|process|copy)\("[^"]+"/)) {
      call = substr(rest, RSTART, RLENGTH - 1)
      rest = substr(rest, RSTART + RLENGTH)
      sub(/.*"/, "", call)
      resources = resources " " call
    }
  }
  END { emit() }
' Package.swift | while read -r path files; do
  if [ ! -d "$path" ]; then
    mkdir -p "$path"
    for file in $files; do : > "$path/$file"; done
  fi
done
