#!/usr/bin/env bash
# Fuzzes with libFuzzer and AddressSanitizer; docs/fuzzing.md.
#   TARGET=…        one target; all of them, one after the other, unless given
#   FUZZ_SECONDS=…  for each target; 60 unless given
#   FUZZ_RUNS=…     inputs for each target; then there is no time limit unless one is given
set -uo pipefail
cd "$(dirname "$0")/.."

Scripts/system-packages.sh libsqlite3-dev libssl-dev zlib1g-dev openssl || exit 1
scratch=.build/fuzz
build=(swift build -c release --product ostack-fuzz --sanitize address --sanitize fuzzer
  --scratch-path "$scratch")
# gold cannot export some of the sanitizer's symbols, says so a hundred times, and is right.
OSTACK_FUZZ=1 "${build[@]}" 2>&1 | grep -v 'gold: warning: Cannot export local symbol'
[ "${PIPESTATUS[0]}" = 0 ] || exit 1

targets=${TARGET:-$(ls Tests/FuzzTests/Corpus)}
runs=${FUZZ_RUNS:--1}
seconds=${FUZZ_SECONDS:-$([ "$runs" = -1 ] && echo 60 || echo 0)}
failed=()
for target in $targets; do
  corpus=$scratch/corpus/$target finds=$scratch/finds/$target log=$scratch/$target.log
  mkdir -p "$corpus" "$finds"
  # New inputs go to the first folder. A run of ten seconds on one input is a hang.
  FUZZ_TARGET=$target SWIFT_BACKTRACE=enable=no nice "$scratch/release/ostack-fuzz" \
    -runs="$runs" -max_total_time="$seconds" -max_len=1024 -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$finds/" "$corpus" "Tests/FuzzTests/Corpus/$target" \
    >"$log" 2>&1
  code=$?
  count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  speed=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  edges=$(sed -n 's/^#.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  printf '%-18s %12s inputs %8s a second %6s edges' "$target" "$count" "$speed" "$edges"
  if [ "$code" = 0 ]; then
    echo
  else
    echo "   FAILED"
    grep -aE '^broken invariant|^SUMMARY|Fatal error|Test unit written' "$log"
    failed+=("$target")
  fi
done
[ ${#failed[@]} = 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }
