import Glibc

/// How many descriptors the process may have open (getrlimit(2), `RLIMIT_NOFILE`), and how many of
/// them connections may take.
enum DescriptorLimit {
  /// Kept from connections: for the store, telemetry, and calls to other services.
  static let reservedMax = 256

  /// Raises the soft limit to the hard one.
  /// - Returns: How many descriptors the process may have now.
  static func raise() -> Int {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    // It fails for a bad pointer or resource only; then the usual limit is a safe guess.
    guard getrlimit(resource, &limit) == 0 else { return 1_024 }
    var raised = limit
    raised.rlim_cur = limit.rlim_max
    let isRaised = setrlimit(resource, &raised) == 0
    return Int(clamping: isRaised ? raised.rlim_cur : limit.rlim_cur)
  }

  /// How many of `wanted` connections `descriptorsMax` leaves room for; at least one.
  static func connectionsMax(_ wanted: Int, descriptorsMax: Int) -> Int {
    let reserved = min(reservedMax, descriptorsMax / 4)
    return max(1, min(wanted, descriptorsMax - reserved))
  }
}
