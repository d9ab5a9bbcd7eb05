package import Bytes

/// How log records and spans look on standard output.
package protocol LogLineFormat: Sendable {
  /// Appends one line with its end.
  func append(_ entry: borrowing LogEntry, to bytes: inout ByteQueue, time: inout TimestampText)
}
