#if !SWIFT_OTEL
import Logging
import Synchronization

/// Formats every record to text, counts its bytes and drops it.
struct FormattingLogHandler: LogHandler {
  private static let byteCount = Atomic<Int>(0)

  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line = "\(event.level) \(event.message)"
    for (key, value) in metadata { line += " \(key)=\(value)" }
    for (key, value) in event.metadata ?? [:] { line += " \(key)=\(value)" }
    Self.byteCount.wrappingAdd(line.utf8.count, ordering: .relaxed)
  }
}
#endif
