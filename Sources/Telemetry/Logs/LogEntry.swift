package import OTLP
package import ServiceContextModule

/// A log record on its way to its destinations.
package struct LogEntry: Sendable {
  package var record: LogRecord
  /// The label of the logger.
  package var logger: String
  /// The index of the logger's scope in the `ScopeTable`.
  package var scope: Int

  /// The one that the record belongs to; nil outside of any.
  package var context: ServiceContext?

  package init(
    record: LogRecord, logger: String, scope: Int, context: ServiceContext? = nil
  ) {
    self.record = record
    self.logger = logger
    self.scope = scope
    self.context = context
  }
}

extension LogEntry {
  /// The metadata key whose value names the kind of event that a record tells of.
  package static let eventNameKey = "event.name"
}

extension LogRecord {
  /// When it happened or, when nobody said that, when it was seen.
  package var shownUnixNanoseconds: UInt64 {
    unixNanoseconds == 0 ? observedUnixNanoseconds : unixNanoseconds
  }
}
