import Glibc

/// What the clocks and the counter of allocations show at one moment.
struct Reading {
  let wallNanoseconds: Int64
  /// Of all threads of the process, so that work that is left to others counts.
  let processNanoseconds: Int64
  /// nil unless the counter of allocations is loaded (`MALLOC_COUNTER_FILE`).
  let allocations: Int64?

  init() {
    allocations = AllocationCounter.shared?.count
    processNanoseconds = Self.now(CLOCK_PROCESS_CPUTIME_ID)
    wallNanoseconds = Self.now(CLOCK_MONOTONIC)
  }

  private static func now(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
