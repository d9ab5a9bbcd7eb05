#!/usr/bin/env bash
# Installs the system libraries that the build needs, or names them.
#   Scripts/system-packages.sh [package…]     default: what building and running need
set -euo pipefail
packages=("$@")
[ ${#packages[@]} -gt 0 ] || packages=(libsqlite3-dev libssl-dev zlib1g-dev)
missing=()
if command -v dpkg-query >/dev/null 2>&1; then
  for name in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || exit 0
  elevate=""
  [ "$(id -u)" = 0 ] || elevate="sudo"
  echo "installing ${missing[*]}"
  $elevate apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $elevate apt-get install -y -qq "${missing[@]}" >/dev/null
else
  echo "needs the development files of SQLite 3, OpenSSL 3 and zlib (on Debian: ${packages[*]})" >&2
fi
