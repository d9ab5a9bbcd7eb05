#!/usr/bin/env bash
# Builds both services and runs them until Ctrl-C. Every setting is an environment variable and is
# passed through; see the README.
set -uo pipefail
cd "$(dirname "$0")/.."

command -v swift >/dev/null 2>&1 || { echo "needs Swift 6.2 or later: https://www.swift.org/install" >&2; exit 1; }
Scripts/system-packages.sh || exit 1
binaries=$(Scripts/build-services.sh) || exit 1

order_port=${ORDER_SERVICE_PORT:-8000}
inventory_port=${INVENTORY_SERVICE_PORT:-8010}
order_url=http${ORDER_SERVICE_TLS_CERTIFICATE_FILE:+s}://localhost:$order_port
inventory_url=http${INVENTORY_SERVICE_TLS_CERTIFICATE_FILE:+s}://localhost:$inventory_port
export INVENTORY_SERVICE_URL=${INVENTORY_SERVICE_URL:-$inventory_url}

"$binaries/inventory-service" & inventory=$!
"$binaries/order-service" & order=$!
stop() { kill -TERM "$order" "$inventory" 2>/dev/null; }
trap stop INT TERM

# Ready when both say so; a service that ends before that has said why.
ready() { "$binaries/$1" healthcheck --timeout 1000 2>/dev/null; }
for attempt in $(seq 1 150); do
  kill -0 "$order" 2>/dev/null && kill -0 "$inventory" 2>/dev/null || break
  if ready order-service && ready inventory-service; then
    cat <<EOF

order-service      $order_url/health  /list-orders  /list-products  /order-product
inventory-service  $inventory_url/health  /list-products  /reduce-stock  /restock

both describe themselves at /docs: $order_url/docs  $inventory_url/docs

try:  curl -X POST '$order_url/order-product?username=ann&product_id=2'
      curl $order_url/list-orders
stop: Ctrl-C

EOF
    break
  fi
  sleep 0.2
done

# When one ends, so does the other. The shell can miss the end of a child that dies between two
# commands, so it looks again every second.
alive() { kill -0 "$1" 2>/dev/null; }
while alive "$order" && alive "$inventory"; do
  sleep 1 & pause=$!
  wait -n "$order" "$inventory" "$pause"
  kill "$pause" 2>/dev/null
done
stop
code=0
for service in "$order" "$inventory"; do
  # A signal ends the waiting, but not yet the service.
  while wait "$service"; value=$?; alive "$service"; do :; done
  # What a signal to the whole group ended has ended well; so has what was not there any more.
  case $value in 0|127|130|143) ;; *) code=$value ;; esac
done
exit "$code"
