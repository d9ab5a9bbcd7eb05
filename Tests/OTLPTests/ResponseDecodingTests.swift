import OTLP
import OTLPOracle
import Testing

@Suite("Responses of receivers")
struct ResponseDecodingTests {
  @Test(
    "partial success of each signal, as the official definitions write it",
    arguments: [
      ("ExportTraceServiceResponse", "rejectedSpans"),
      ("ExportLogsServiceResponse", "rejectedLogRecords"),
      ("ExportMetricsServiceResponse", "rejectedDataPoints"),
    ])
  func partialSuccess(message: String, field: String) throws {
    let json = #"{"partialSuccess":{"\#(field)":"3","errorMessage":"too old"}}"#
    let bytes = try OTLPOracle.encode(message, json: json)
    #expect(
      try PartialSuccess.decode(response: bytes)
        == PartialSuccess(rejectedCount: 3, message: "too old"))
  }

  @Test(
    "what is no partial success",
    arguments: [[], [0x0A, 0x00], [0x0A, 0x02, 0x08, 0x00], [0x12, 0x01, 0x41], [0x08, 0x05]]
      as [[UInt8]])
  func none(bytes: [UInt8]) throws {
    #expect(try PartialSuccess.decode(response: bytes) == nil)
  }

  @Test("a warning rejects nothing; a negative count is none")
  func warning() throws {
    let warning = try PartialSuccess.decode(response: [0x0A, 0x03, 0x12, 0x01, 0x77])
    #expect(warning == PartialSuccess(rejectedCount: 0, message: "w"))
    let negative: [UInt8] = [0x0A, 11, 0x08] + Array(repeating: 0xFF, count: 9) + [0x01]
    #expect(try PartialSuccess.decode(response: negative) == nil)
  }

  @Test("a status, its message cut to its limit")
  func status() throws {
    let text = Array(repeating: UInt8(ascii: "m"), count: 2_000)
    let bytes: [UInt8] = [0x08, 0x03, 0x12, 0xD0, 0x0F] + text
    let status = try RPCStatus.decode(bytes)
    #expect(status.code == 3)
    #expect(status.message.utf8.count == PartialSuccess.messageBytesMax)
  }

  @Test("a message that is no UTF-8 keeps to the limit after it is repaired", arguments: [341, 342])
  func repairedMessage(count: Int) throws {
    let bytes = [0x12, 0x80 | UInt8(count & 0x7F), UInt8(count >> 7)]
      + [UInt8](repeating: 0xFF, count: count)
    // U+FFFD takes three bytes, and 1,024 have room for 341 of it.
    #expect(try RPCStatus.decode(bytes).message == String(repeating: "\u{FFFD}", count: 341))
    let partial = try PartialSuccess.decode(response: [0x0A, 0x80 | UInt8((count + 3) & 0x7F),
      UInt8((count + 3) >> 7)] + bytes)
    #expect(partial?.message.utf8.count == 1_023)
  }

  @Test(
    "malformed bytes are refused",
    arguments: [
      ([0x08], .truncated), ([0x0A, 0x05, 0x00], .truncated), ([0x09, 1, 2], .truncated),
      ([0x0D, 1], .truncated), ([0x00, 0x00], .fieldNumber), ([0x0B], .wireType),
      ([0x0E], .wireType), ([0x0F], .wireType),
      ([0x08] + Array(repeating: 0xFF, count: 10), .varintTooLong),
      ([0x08] + Array(repeating: 0x80, count: 9) + [0x02], .varintTooLong),
      ([0x0A] + Array(repeating: 0xFF, count: 9) + [0x01], .truncated),
    ] as [([UInt8], ProtobufReader.Malformed)])
  func malformed(bytes: [UInt8], expected: ProtobufReader.Malformed) {
    #expect(throws: expected) { try RPCStatus.decode(bytes) }
  }

  @Test("no prefix of a message and no changed byte brings the reader down")
  func robustness() throws {
    let json = #"{"partialSuccess":{"rejectedSpans":"300","errorMessage":"\#("x".padded(200))"}}"#
    let bytes = try OTLPOracle.encode("ExportTraceServiceResponse", json: json)
    var refused = 0
    for end in bytes.indices {
      if (try? PartialSuccess.decode(response: Array(bytes[..<end]))) == nil { refused += 1 }
      for bit in 0..<8 {
        var changed = bytes
        changed[end] ^= 1 << UInt8(bit)
        let partial = try? PartialSuccess.decode(response: changed)
        #expect((partial?.rejectedCount ?? 0) >= 0)
      }
    }
    // Every prefix ends inside the one field of the message.
    #expect(refused == bytes.count)
  }
}

extension String {
  fileprivate func padded(_ count: Int) -> String { String(repeating: self, count: count) }
}
