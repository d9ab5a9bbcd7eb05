#!/usr/bin/env bash
# Builds the images from a clean clone and tries them under Compose: Tests/Stack/test_images.py.
#
# It uses the Docker engine that answers; where none does, and this is root on a machine with
# dockerd, it starts one of its own for the time of the test. Where a base image cannot be pulled,
# a root file system of this machine's distribution stands in: Scripts/stand-in-images.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
Scripts/stack-tools.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/images-test.XXXXXX")
engine=""
finish() {
  if [ -n "$engine" ]; then
    kill "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
  fi
  rm -rf "$work" 2>/dev/null || true
}
trap finish EXIT

if ! docker info >/dev/null 2>&1; then
  command -v dockerd >/dev/null || { echo "no Docker engine answers, and there is no dockerd" >&2; exit 1; }
  export DOCKER_HOST=unix://$work/docker.sock
  mkdir -p "${OSTACK_DOCKER_DATA:-$work/data}"
  dockerd --data-root "${OSTACK_DOCKER_DATA:-$work/data}" --exec-root "$work/exec" \
    --pidfile "$work/dockerd.pid" --host "$DOCKER_HOST" > "$work/dockerd.log" 2>&1 &
  engine=$!
  for _ in $(seq 1 60); do
    docker info >/dev/null 2>&1 && break
    kill -0 "$engine" 2>/dev/null || { tail -20 "$work/dockerd.log" >&2; exit 1; }
    sleep 0.5
  done
fi
docker version --format 'engine {{.Server.Version}}, client {{.Client.Version}}'

version=$(sed -n 's/^ARG SWIFT_VERSION=//p' Dockerfiles/services.Dockerfile)
distribution=$(sed -n 's/^ARG DISTRIBUTION=//p' Dockerfiles/services.Dockerfile)
for image in "swift:$version-$distribution" "swift:$version-$distribution-slim" \
             "debian:$distribution-slim"; do
  docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image" 2>/dev/null \
    || Scripts/stand-in-images.sh "$image" "$distribution"
done

git clone -q "$root" "$work/clone"
for target in inventory-service order-service tools; do
  docker build -q -f "$work/clone/Dockerfiles/services.Dockerfile" --target "$target" \
    -t "ostack-$target" "$work/clone"
done
docker build -q -f "$work/clone/Tests/Stack/images/receiver.Dockerfile" \
  -t ostack-images-test-receiver "$work/clone/Tests/Stack/images"

cd Tests/Stack
OSTACK_IMAGES_TEST=1 OSTACK_BASE_IMAGE="swift:$version-$distribution-slim" \
  ../../.venv/bin/python -m pytest test_images.py "$@"
