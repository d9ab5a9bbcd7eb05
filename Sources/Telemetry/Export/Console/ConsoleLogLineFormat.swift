package import Bytes
import OTLP

/// A log record as a line for people: time, level, message, attributes, logger, trace.
package struct ConsoleLogLineFormat: LogLineFormat {
  private let style: ConsoleStyle

  package init(style: ConsoleStyle) { self.style = style }

  package func append(
    _ entry: borrowing LogEntry, to bytes: inout ByteQueue, time: inout TimestampText
  ) {
    time.append(timeOfDay: entry.record.shownUnixNanoseconds, to: &bytes)
    bytes.append(UInt8(ascii: " "))
    let level = entry.record.severityText
    style.append(in: colour(entry.record.severityNumber), to: &bytes) { bytes in
      style.append(level, width: 8, to: &bytes)
    }
    bytes.append(UInt8(ascii: " "))
    if let body = entry.record.structuredBody { style.append(body, to: &bytes) }
    style.append(plain: entry.record.body, to: &bytes)
    style.append(entry.record.attributes, to: &bytes)
    bytes.append(UInt8(ascii: " "))
    let logger = entry.logger
    let traceID = entry.record.traceID
    let spanID = entry.record.spanID
    style.append(in: .grey, to: &bytes) { bytes in
      bytes.append(UInt8(ascii: "("))
      style.append(plain: logger, to: &bytes)
      if traceID.isValid {
        bytes.append(" trace=" as StaticString)
        bytes.append(traceID: traceID)
        bytes.append(" span=" as StaticString)
        bytes.append(spanID: spanID)
      }
      bytes.append(UInt8(ascii: ")"))
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private func colour(_ severity: UInt8) -> ConsoleStyle.Colour {
    switch severity {
    case ..<9: .grey
    case ..<13: .green
    case ..<17: .yellow
    default: .red
    }
  }
}
