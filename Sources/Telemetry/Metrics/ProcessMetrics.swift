import Glibc

/// The process's own resources (semantic conventions, "Process metrics"), read when metrics are
/// collected.
enum ProcessMetrics {
  static func collect(into registry: MetricRegistry) {
    var usage = rusage()
    guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return }
    set(registry, "process.cpu.time", "s", .counter, seconds(usage.ru_utime), [("cpu.mode", "user")])
    set(
      registry, "process.cpu.time", "s", .counter, seconds(usage.ru_stime), [("cpu.mode", "system")])
    if let pages = residentPages() {
      set(
        registry, "process.memory.usage", "By", .upDownCounter,
        Double(pages * Int(sysconf(Int32(_SC_PAGESIZE)))))
    }
  }

  private static func set(
    _ registry: MetricRegistry, _ name: String, _ unit: String, _ kind: MetricIdentity.Kind,
    _ value: Double, _ dimensions: [(String, String)] = []
  ) {
    registry.series(MetricIdentity(name: name, unit: unit, kind: kind), dimensions) {
      GaugeSeries()
    }.set(value)
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
  }

  /// The second number of /proc/self/statm.
  private static func residentPages() -> Int? {
    guard let file = fopen("/proc/self/statm", "re") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = fread(&buffer, 1, buffer.count, file)
    let fields = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? Int(fields[1]) : nil
  }
}
