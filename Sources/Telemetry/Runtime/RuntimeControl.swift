import Glibc
import Logging
import Synchronization

/// Changes what can be changed while a process runs: the level of its loggers, and which traces are
/// recorded.
public final class RuntimeControl: Sendable {
  public let logLevel: LogLevelControl
  private let sampler: ReplaceableSampler
  private let traces: TelemetryConfiguration.Traces
  private let path: String?
  /// The level without a file.
  private let standardLevel: Mutex<Logger.Level>
  private let log: DiagnosticLog

  /// - Parameters:
  ///   - path: The file that says what is changed; nil when there is none.
  ///   - traces: What the environment asked for.
  init(
    path: String?, traces: TelemetryConfiguration.Traces, sampler: ReplaceableSampler,
    log: DiagnosticLog
  ) {
    self.path = path
    self.traces = traces
    self.sampler = sampler
    self.log = log
    logLevel = LogLevelControl(.info)
    standardLevel = Mutex(.info)
  }

  /// Sets the level that holds without a file.
  func setStandardLevel(_ level: Logger.Level) {
    standardLevel.withLock { $0 = level }
    logLevel.level = level
  }

  /// Reads the file again and does what it says. A file that is not there says nothing, and one that
  /// is malformed changes nothing; both are reported. Reads a file, so it is not for an event loop.
  /// - Returns: Whether what holds now is what the file says.
  @discardableResult
  public func reload() -> Bool {
    guard let path else { return true }
    do throws(RuntimeSettings.Invalid) {
      let settings = try RuntimeSettings(parsing: Self.content(path) ?? "", over: traces)
      let level = settings.logLevel ?? standardLevel.withLock { $0 }
      logLevel.level = level
      sampler.replace(with: settings.traces.makeSampler())
      log.log(
        .notice,
        "\(path): log level \(level), traces \(settings.traces.makeSampler())")
      return true
    } catch {
      log.log(.error, "\(path): \(error); nothing is changed")
      return false
    }
  }

  /// nil when there is no such file.
  private static func content(_ path: String) throws(RuntimeSettings.Invalid) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw RuntimeSettings.Invalid(description: "it cannot be read (error \(errno))")
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: RuntimeSettings.fileBytesMax + 1)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0, count <= RuntimeSettings.fileBytesMax else {
      throw RuntimeSettings.Invalid(
        description: count < 0 ? "it cannot be read (error \(errno))" : "it is too large")
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

extension TelemetryConfiguration.Traces {
  /// The sampler that these settings ask for.
  package func makeSampler() -> any Sampler {
    var made = sampler.makeSampler()
    if !rules.isEmpty { made = RuleBasedSampler(rules, otherwise: made) }
    return keepsErrors ? AlwaysRecordSampler(root: made) : made
  }
}
