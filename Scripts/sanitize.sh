#!/usr/bin/env bash
# Runs the Swift tests under AddressSanitizer (with its leak check) and under ThreadSanitizer, each
# built into a scratch path of its own; docs/fuzzing.md.
#   SANITIZER=…  address or thread; both, one after the other, unless given
#   FILTER=…     a pattern of tests; all of them unless given
set -uo pipefail
cd "$(dirname "$0")/.."

Scripts/system-packages.sh libsqlite3-dev libssl-dev zlib1g-dev openssl || exit 1
[ -x .venv/bin/python ] && export OSTACK_PYTHON="$PWD/.venv/bin/python"
export LSAN_OPTIONS="suppressions=$PWD/Scripts/sanitizers/lsan.supp:print_suppressions=0"

failed=()
for sanitizer in ${SANITIZER:-address thread}; do
  scratch=$PWD/.build/sanitize-$sanitizer log=$PWD/.build/sanitize-$sanitizer.log preload=
  options=(--sanitize "$sanitizer" --scratch-path "$scratch")
  # gold cannot export some of the sanitizer's symbols, says so a hundred times, and is right.
  swift build --build-tests "${options[@]}" 2>&1 | grep -v 'gold: warning: Cannot export' | tail -3
  [ "${PIPESTATUS[0]}" = 0 ] || exit 1
  if [ "$sanitizer" = thread ]; then
    preload=$scratch/tsan_mutex.so
    clang -Wall -Wextra -Werror -O1 -shared -fPIC -o "$preload" Scripts/sanitizers/tsan_mutex.c \
      || exit 1
  fi
  LD_PRELOAD=$preload swift test --skip-build --disable-xctest "${options[@]}" \
    ${FILTER:+--filter "$FILTER"} >"$log" 2>&1
  code=$?
  reports=$(grep -cE '^(==[0-9]+==ERROR|WARNING: ThreadSanitizer)' "$log")
  result=$(grep -E 'Test run with' "$log" | tail -1)
  echo "$sanitizer: $reports reports; ${result:-no tests were run}"
  if [ "$code" != 0 ] || [ "$reports" != 0 ]; then
    echo "exit code $code; see $log" >&2
    failed+=("$sanitizer")
  fi
done
[ ${#failed[@]} = 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }
