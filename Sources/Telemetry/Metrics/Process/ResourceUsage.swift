import Glibc

/// What getrusage(2) says of the process.
struct ResourceUsage: Sendable {
  let userSeconds: Double
  let systemSeconds: Double
  let voluntarySwitches: Int
  let involuntarySwitches: Int
  let majorFaults: Int
  let minorFaults: Int

  static func current() -> ResourceUsage? {
    var usage = rusage()
    guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return nil }
    return ResourceUsage(
      userSeconds: seconds(usage.ru_utime), systemSeconds: seconds(usage.ru_stime),
      voluntarySwitches: usage.ru_nvcsw, involuntarySwitches: usage.ru_nivcsw,
      majorFaults: usage.ru_majflt, minorFaults: usage.ru_minflt)
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
  }
}
