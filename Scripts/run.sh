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

try:  curl -X POST '$order_url/order-product?username=ann&product_id=2'
      curl $order_url/list-orders
stop: Ctrl-C

EOF
    break
  fi
  sleep 0.2
done

# When one ends, so does the other.
wait -n "$order" "$inventory"
code=$?
stop
wait "$order"; order_code=$?
wait "$inventory"; inventory_code=$?
for value in $order_code $inventory_code; do
  case $value in 0|127|143|130) ;; *) code=$value ;; esac
done
case $code in 130|143) code=0 ;; esac
exit "$code"
