import HTTP1
import HTTPTypes
import Testing

/// Exactly as much as a limit passes; one more is refused with the limit's own answer.
@Suite struct HTTPLimitsTests {
  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  private static func expect(
    _ wire: String, _ limits: HTTPLimits, _ error: HTTPProtocolError?,
    _ status: HTTPResponse.Status? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let trace = RequestRun.trace(wire, limits: limits, sourceLocation: sourceLocation)
    #expect(trace.error == error, "\(trace)", sourceLocation: sourceLocation)
    if let status { #expect(error?.status == status, sourceLocation: sourceLocation) }
  }

  @Test func defaults() {
    let limits = HTTPLimits()
    #expect(limits.requestLineBytesMax == 8_192)
    #expect(limits.fieldSectionBytesMax == 32_768)
    #expect(limits.fieldCountMax == 100)
    #expect(limits.bodyBytesMax == 1_048_576)
    #expect(limits.chunkExtensionBytesMax == 4_096)
    #expect(limits.trailerBytesMax == 8_192)
    #expect(limits.trailerCountMax == 32)
    #expect(limits.leadingEmptyLinesMax == 2)
    #expect(limits.interimResponsesMax == 16)
  }

  @Test func requestLineBytes() {
    var limits = HTTPLimits()
    limits.requestLineBytesMax = 40
    let fits = "GET /\(Self.repeated("x", 26)) HTTP/1.1"
    #expect(fits.utf8.count == 40)
    Self.expect(fits + "\r\nhost: h\r\n\r\n", limits, nil)
    let long = "GET /\(Self.repeated("x", 27)) HTTP/1.1"
    Self.expect(long + "\r\nhost: h\r\n\r\n", limits, .requestLineTooLong, .uriTooLong)
    // Without any line end, too.
    Self.expect(Self.repeated("x", 42), limits, .requestLineTooLong)
    #expect(RequestRun.trace(Self.repeated("x", 41), limits: limits).error == nil)
  }

  @Test func fieldSectionBytes() {
    var limits = HTTPLimits()
    limits.fieldSectionBytesMax = 30
    // `host: h` and `a: …`, each with its CRLF.
    let fits = "host: h\r\na: \(Self.repeated("x", 16))\r\n"
    #expect(fits.utf8.count == 30)
    Self.expect("GET / HTTP/1.1\r\n\(fits)\r\n", limits, nil)
    let large = "host: h\r\na: \(Self.repeated("x", 17))\r\n"
    Self.expect(
      "GET / HTTP/1.1\r\n\(large)\r\n", limits, .fieldsTooLarge, .requestHeaderFieldsTooLarge)
    Self.expect("GET / HTTP/1.1\r\n\(fits)b:\r\n\r\n", limits, .fieldsTooLarge)
    Self.expect("GET / HTTP/1.1\r\n\(Self.repeated("x", 99))", limits, .fieldsTooLarge)
    limits.fieldSectionBytesMax = 31
    Self.expect("GET / HTTP/1.1\r\n\(fits)b:\r\n\r\n", limits, .fieldsTooLarge)
    Self.expect("GET / HTTP/1.1\r\n\(fits)\r\n", limits, nil)
    limits.fieldSectionBytesMax = 34
    Self.expect("GET / HTTP/1.1\r\n\(fits)b:\r\n\r\n", limits, nil)
    limits.fieldSectionBytesMax = 0
    Self.expect("GET / HTTP/1.0\r\n\r\n", limits, nil)
    Self.expect("GET / HTTP/1.0\r\na:\r\n\r\n", limits, .fieldsTooLarge)
  }

  @Test func fieldCount() {
    var limits = HTTPLimits()
    limits.fieldCountMax = 3
    Self.expect("GET / HTTP/1.1\r\nhost: h\r\na:\r\nb:\r\n\r\n", limits, nil)
    Self.expect(
      "GET / HTTP/1.1\r\nhost: h\r\na:\r\nb:\r\nc:\r\n\r\n", limits, .tooManyFields,
      .requestHeaderFieldsTooLarge)
  }

  @Test func bodyBytesOfALength() {
    var limits = HTTPLimits()
    limits.bodyBytesMax = 5
    Self.expect("PUT / HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\n12345", limits, nil)
    Self.expect(
      "PUT / HTTP/1.1\r\nhost: h\r\ncontent-length: 6\r\n\r\n123456", limits, .contentTooLarge,
      .contentTooLarge)
    limits.bodyBytesMax = .max
    Self.expect(
      "PUT / HTTP/1.1\r\nhost: h\r\ncontent-length: 9223372036854775807\r\n\r\n1", limits, nil)
  }

  @Test func bodyBytesOfChunks() {
    let head = "PUT / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n"
    var limits = HTTPLimits()
    limits.bodyBytesMax = 5
    Self.expect(head + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", limits, nil)
    Self.expect(head + "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", limits, .contentTooLarge)
    Self.expect(head + "6\r\n", limits, .contentTooLarge, .contentTooLarge)
    Self.expect(head + "7fffffffffffffff\r\n", limits, .contentTooLarge)
    limits.bodyBytesMax = .max
    Self.expect(head + "7fffffffffffffff\r\n", limits, nil)
    Self.expect(head + "1\r\nx\r\n7fffffffffffffff\r\n", limits, .contentTooLarge)
  }

  @Test func chunkExtensionBytes() {
    let head = "PUT / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n"
    var limits = HTTPLimits()
    limits.chunkExtensionBytesMax = 5
    Self.expect(head + "1;ab\r\nx\r\n0;a\r\n\r\n", limits, nil)
    Self.expect(
      head + "1;ab\r\nx\r\n0;ab\r\n\r\n", limits, .chunkExtensionsTooLarge, .badRequest)
    Self.expect(head + "1 ;abc\r\nx\r\n0\r\n\r\n", limits, nil)
    Self.expect(head + "1 ;abcd\r\nx\r\n", limits, .chunkExtensionsTooLarge)
    limits.chunkExtensionBytesMax = 0
    Self.expect(head + "1\r\nx\r\n0\r\n\r\n", limits, nil)
    Self.expect(head + "1;\r\nx\r\n0\r\n\r\n", limits, .chunkExtensionsTooLarge)
  }

  @Test func trailers() {
    let head = "PUT / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
    var limits = HTTPLimits()
    limits.trailerBytesMax = 12
    Self.expect(head + "a: 1\r\nb: 2\r\n\r\n", limits, nil)
    Self.expect(
      head + "a: 1\r\nb: 22\r\n\r\n", limits, .trailersTooLarge, .requestHeaderFieldsTooLarge)
    limits.trailerCountMax = 2
    Self.expect(head + "a:1\r\nb:\r\n\r\n", limits, nil)
    Self.expect(
      head + "a:\r\nb:\r\nc:\r\n\r\n", limits, .tooManyTrailers, .requestHeaderFieldsTooLarge)
    limits.trailerCountMax = 0
    Self.expect(head + "\r\n", limits, nil)
    Self.expect(head + "a:\r\n\r\n", limits, .tooManyTrailers)
  }

  @Test func leadingEmptyLines() {
    let get = "GET / HTTP/1.1\r\nhost: h\r\n\r\n"
    let limits = HTTPLimits()
    Self.expect("\r\n\r\n" + get + "\r\n\r\n" + get, limits, nil)
    Self.expect("\r\n\r\n\r\n" + get, limits, .badRequestLine, .badRequest)
    var none = limits
    none.leadingEmptyLinesMax = 0
    Self.expect("\r\n" + get, none, .badRequestLine)
  }

  @Test func theFieldsOfManyRequestsAreCountedEach() {
    var limits = HTTPLimits()
    limits.fieldCountMax = 2
    limits.fieldSectionBytesMax = 13
    let get = "GET / HTTP/1.1\r\nhost: h\r\na:\r\n\r\n"
    Self.expect(get + get + get, limits, nil)
  }
}
