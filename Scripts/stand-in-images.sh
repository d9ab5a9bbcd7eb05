#!/usr/bin/env bash
# Makes a base image that cannot be pulled from this machine's own parts, and tags it alike:
#   Scripts/stand-in-images.sh swift:6.3.3-bookworm-slim bookworm
# For trying the Dockerfiles only. Needs root, debootstrap, and the Swift toolchain of this machine.
set -euo pipefail
image=$1 distribution=$2
[ "$(id -u)" = 0 ] || { echo "needs root" >&2; exit 1; }
command -v debootstrap >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap >/dev/null
swift=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")") # …/usr
work=$(mktemp -d "${TMPDIR:-/tmp}/stand-in.XXXXXX")
trap 'rm -rf "$work"' EXIT
packages=ca-certificates,tzdata
case $image in
  swift:*-slim) ;;
  swift:*) packages+=,gcc,g++,libc6-dev,libstdc++-12-dev,git,binutils,pkg-config
           packages+=,libncurses6,libxml2,libcurl4,libedit2,libpython3.11,libz3-4 ;;
esac
echo "standing in for $image" >&2
debootstrap --variant=minbase --include="$packages" "$distribution" "$work/root" > "$work/log" 2>&1 \
  || { tail -20 "$work/log" >&2; exit 1; }
rm -rf "$work/root"/var/cache/apt/archives/*.deb "$work/root"/var/lib/apt/lists/*

case $image in
  swift:*-slim)
    mkdir -p "$work/root/usr/lib/swift/linux"
    cp -a "$swift"/lib/swift/linux/*.so "$work/root/usr/lib/swift/linux/" ;;
  swift:*)
    cp -a "$swift/." "$work/root/usr/"
    # Where git reads packages from copies on this machine, so does the build.
    git config --get-regexp '^url\..*\.insteadof$' | while read -r key from; do
      copy=${key#url.} copy=${copy%.insteadof}
      [ -d "$copy" ] || continue
      mkdir -p "$work/root$copy" && cp -a "$copy/." "$work/root$copy"
      git config --file "$work/root/etc/gitconfig" --add "url.$copy.insteadOf" "$from"
      git config --file "$work/root/etc/gitconfig" --replace-all safe.directory '*'
    done ;;
esac
tar -C "$work/root" -c . | docker import -c 'CMD ["bash"]' - "$image" >/dev/null
