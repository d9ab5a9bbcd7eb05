package import OTLP

/// A log record on its way to its destinations.
package struct LogEntry: Sendable {
  package var record: LogRecord
  /// The label of the logger.
  package var logger: String
  /// The index of the logger's scope in the `ScopeTable`.
  package var scope: Int

  package init(record: LogRecord, logger: String, scope: Int) {
    self.record = record
    self.logger = logger
    self.scope = scope
  }
}

extension LogEntry {
  /// The metadata key whose value names the kind of event that a record tells of.
  package static let eventNameKey = "event.name"
}
