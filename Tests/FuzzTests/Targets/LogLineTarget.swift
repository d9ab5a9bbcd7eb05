import Bytes
import Foundation
import OTLP
import Telemetry

/// Log lines, which hold what clients sent: one line each, whatever is in them; the JSON says what
/// was said; in a terminal nothing can move the cursor or hide what was written.
enum LogLineTarget {
  private struct Line: Decodable, Equatable {
    var message: String
    var logger: String
    var attributes: [String: String]
  }

  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let parts = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
      .map(\.text)
    let (message, value, key) = (parts[0], parts.dropFirst().first ?? "", parts.dropFirst(2).first)
    var record = LogRecord(
      unixNanoseconds: 1_700_000_000_000_000_000, observedUnixNanoseconds: 0, severityNumber: 9,
      severityText: "INFO", body: message, attributes: [Attribute(key ?? "key", .string(value))])
    record.traceID = TraceID(high: 1, low: 2)
    let entry = LogEntry(record: record, logger: value, scope: 0)

    let json = line(entry, JSONLogLineFormat())
    try require(json.last == 0x0A && !json.dropLast().contains { $0 < 0x20 }, "not one line")
    let read = try? JSONDecoder().decode(Line.self, from: Data(json))
    try requireEqual(
      read, Line(message: message, logger: value, attributes: [key ?? "key": value]), "as JSON")

    let plain = line(entry, ConsoleLogLineFormat(style: ConsoleStyle(isColoured: false)))
    let controls = plain.dropLast().text.unicodeScalars.filter {
      $0.properties.generalCategory == .control
    }
    try require(plain.last == 0x0A && controls.isEmpty, "control characters: \(controls)")
  }

  private static func line(_ entry: LogEntry, _ format: some LogLineFormat) -> [UInt8] {
    var queue = ByteQueue()
    var time = TimestampText()
    format.append(entry, to: &queue, time: &time)
    return queue.array()
  }
}
