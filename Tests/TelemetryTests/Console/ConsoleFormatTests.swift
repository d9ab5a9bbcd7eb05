import Bytes
import Glibc
import OTLP
import Testing

@testable import Telemetry

@Suite("Lines for people")
struct ConsoleFormatTests {
  private static let plain = ConsoleStyle(isColoured: false)
  private static let traceID = TraceID(high: 1, low: 2)

  private func log(_ style: ConsoleStyle, _ change: (inout LogRecord) -> Void = { _ in }) -> String {
    var record = LogRecord(
      unixNanoseconds: 3_661_007_000_000, observedUnixNanoseconds: 0, severityNumber: 13,
      severityText: "WARNING", body: "low", attributes: [])
    change(&record)
    var bytes = ByteQueue()
    var time = TimestampText()
    ConsoleLogLineFormat(style: style).append(
      LogEntry(record: record, logger: "shop", scope: 0), to: &bytes, time: &time)
    return String(decoding: bytes.array(), as: UTF8.self)
  }

  @Test("a log record")
  func logRecord() {
    #expect(log(Self.plain) == "01:01:01.007 WARNING  low (shop)\n")
    let full = log(Self.plain) { record in
      record.severityText = "INFO"
      record.attributes = [
        Attribute("n", 1), Attribute("word", "abc"), Attribute("text", "a \"b\""),
        Attribute("none", ""), Attribute("list", [1, "x"]),
      ]
      record.traceID = Self.traceID
      record.spanID = SpanID(3)
    }
    #expect(
      full == "01:01:01.007 INFO     low n=1 word=abc text=\"a \\\"b\\\"\" none=\"\" list=[1,\"x\"] "
        + "(shop trace=00000000000000010000000000000002 span=0000000000000003)\n")
  }

  @Test(
    "colours by severity",
    arguments: [(1, 90), (8, 90), (9, 32), (12, 32), (13, 33), (16, 33), (17, 31), (24, 31)]
      as [(UInt8, Int)])
  func colours(severity: UInt8, code: Int) {
    let line = log(ConsoleStyle(isColoured: true)) { $0.severityNumber = severity }
    #expect(
      line == "01:01:01.007 \u{1B}[\(code)mWARNING \u{1B}[0m low \u{1B}[90m(shop)\u{1B}[0m\n")
  }

  @Test("nothing that is logged can move the cursor, hide itself or end the line")
  func controlCharacters() {
    let evil = "\u{1B}[2J\r\n\t\u{7F}\0\u{80}\u{9B}2J\u{9F}\u{A0}x"
    let line = log(Self.plain) { record in
      record.body = evil
      record.attributes = [
        Attribute(evil, .string(evil)), Attribute("word", "\u{9B}2J"), Attribute("list", [.string(evil)]),
      ]
    }
    #expect(line.last == "\n")
    #expect(line.unicodeScalars.dropLast().allSatisfy { $0.properties.generalCategory != .control })
    // What is behind is none, and stays.
    #expect(line.unicodeScalars.count { $0 == "\u{A0}" } == 4)
  }

  private func span(
    _ style: ConsoleStyle, _ change: (inout SpanRecord) -> Void = { _ in }
  ) async throws -> String {
    let pipe = try OutputPipe()
    let output = try StandardOutput(descriptor: pipe.writeEnd)
    let processor = ConsoleSpanProcessor(output: output, style: style)
    var record = SpanRecord(
      traceID: Self.traceID, spanID: SpanID(3), parentSpanID: .invalid, traceState: "", flags: 0x101,
      name: "GET /", kind: .server, startUnixNanoseconds: 0)
    record.endUnixNanoseconds = 12_345_678
    change(&record)
    processor.onEnd(record, scope: ScopeReference(0, in: ScopeTable()))
    // Once more, to see that nothing stays of the line before.
    processor.onEnd(record, scope: ScopeReference(0, in: ScopeTable()))
    output.close()
    var text = ""
    while text.count(where: { $0 == "\n" }) < 2 { text += pipe.written() }
    let lines = text.split(separator: "\n")
    #expect(lines[0] == lines[1])
    return String(lines[0])
  }

  @Test("a span", .timeLimit(.minutes(1)))
  func spans() async throws {
    #expect(
      try await span(Self.plain)
        == "00:00:00.012 SPAN    12.345 ms server   GET / "
        + "(trace=00000000000000010000000000000002 span=0000000000000003)")
    let full = try await span(Self.plain) { record in
      record.endUnixNanoseconds = 123_456_789_000_000
      record.kind = .internal
      record.parentSpanID = SpanID(4)
      record.statusCode = .error
      record.statusMessage = "no\nluck"
      record.attributes = [Attribute("a", 1)]
      record.events = [SpanRecord.Event(unixNanoseconds: 0, name: "e", attributes: [Attribute("k", "v")])]
    }
    #expect(
      full == "10:17:36.789 SPAN 123456789.000 ms internal GET / ERROR no luck a=1 [e k=v] "
        + "(trace=00000000000000010000000000000002 span=0000000000000003 parent=0000000000000004)")
  }

  @Test("colours of a span: red for a failed one", .timeLimit(.minutes(1)))
  func spanColours() async throws {
    let coloured = ConsoleStyle(isColoured: true)
    #expect(try await span(coloured).contains("\u{1B}[34mGET /\u{1B}[0m"))
    let failed = try await span(coloured) { $0.statusCode = .error }
    #expect(failed.contains("\u{1B}[31mGET /\u{1B}[0m"))
  }

  @Test("a pipe is not coloured")
  func pipes() throws {
    let pipe = try OutputPipe()
    #expect(!ConsoleStyle.forDescriptor(pipe.writeEnd).isColoured)
  }
}
