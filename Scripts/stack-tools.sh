#!/usr/bin/env bash
# Unpacks the programs that check the stack's configuration into .build/stack-tools/bin: promtool,
# prometheus, docker-compose. Nothing is installed and nothing started: Debian's packages are only
# unpacked, from its newest suite where the machine's own mirror has it (an old Prometheus knows
# half of our settings), else from the machine's.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$PWD/.build/stack-tools
[ ! -x "$target/bin/promtool" ] || exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/debs" "$target/bin"

mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 2>/dev/null \
  | awk '$2 == "Debian" { print $1; exit }')
newest=()
if [ -n "$mirror" ] && [ -r /usr/share/keyrings/debian-archive-keyring.gpg ]; then
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" \
    > "$work/sources.list"
  newest=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache")
  apt-get "${newest[@]}" update -qq >/dev/null 2>&1 || newest=()
fi

cd "$work/debs"
for package in promtool prometheus docker-compose; do
  { [ ${#newest[@]} -gt 0 ] && apt-get "${newest[@]}" download -qq "$package"; } >/dev/null 2>&1 \
    || apt-get download -qq "$package" >/dev/null 2>&1 \
    || echo "stack-tools: no package $package" >&2
done
for file in *.deb; do
  [ ! -e "$file" ] || dpkg-deb -x "$file" "$target/root"
done
for path in usr/bin/promtool usr/bin/prometheus usr/libexec/docker/cli-plugins/docker-compose; do
  [ ! -x "$target/root/$path" ] || ln -sf "../root/$path" "$target/bin/"
done
