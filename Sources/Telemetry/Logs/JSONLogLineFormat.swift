package import Bytes
import OTLP

/// One JSON object per line: `timestamp`, `level`, `logger`, `message`; inside a span `trace_id`,
/// `span_id` and `trace_flags` (OpenTelemetry specification, "Trace Context in non-OTLP Log
/// Formats"); `attributes` when there are any.
package struct JSONLogLineFormat: LogLineFormat {
  package init() {}

  package func append(
    _ entry: borrowing LogEntry, to bytes: inout ByteQueue, time: inout TimestampText
  ) {
    bytes.append("{\"timestamp\":\"" as StaticString)
    time.append(entry.record.shownUnixNanoseconds, to: &bytes)
    bytes.append("\",\"level\":" as StaticString)
    bytes.append(json: entry.record.severityText)
    bytes.append(",\"logger\":" as StaticString)
    bytes.append(json: entry.logger)
    bytes.append(",\"message\":" as StaticString)
    if let body = entry.record.structuredBody {
      bytes.append(json: body)
    } else {
      bytes.append(json: entry.record.body)
    }
    if entry.record.traceID.isValid {
      bytes.append(",\"trace_id\":\"" as StaticString)
      bytes.append(traceID: entry.record.traceID)
      bytes.append("\",\"span_id\":\"" as StaticString)
      bytes.append(spanID: entry.record.spanID)
      bytes.append("\",\"trace_flags\":\"" as StaticString)
      bytes.append(hex: UInt64(entry.record.traceFlags), digits: 2)
      bytes.append(UInt8(ascii: "\""))
    }
    if !entry.record.attributes.isEmpty || !entry.record.eventName.isEmpty {
      bytes.append(",\"attributes\":" as StaticString)
      appendAttributes(of: entry, to: &bytes)
    }
    bytes.append("}\n" as StaticString)
  }

  /// The event's name is among the attributes, under its conventional key.
  private func appendAttributes(of entry: borrowing LogEntry, to bytes: inout ByteQueue) {
    guard !entry.record.eventName.isEmpty else {
      return bytes.append(json: entry.record.attributes)
    }
    let name = Attribute(LogEntry.eventNameKey, .string(entry.record.eventName))
    bytes.append(json: [name] + entry.record.attributes)
  }
}
