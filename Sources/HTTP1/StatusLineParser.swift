/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112 §4). The second space
/// may be missing with the phrase, as servers send it; the phrase is checked and dropped.
enum StatusLineParser {
  struct StatusLine {
    var version: HTTPVersion
    /// 100 to 599 (RFC 9110 §15).
    var code: Int
  }

  /// - Parameter line: The line without its end.
  static func parse(_ line: Span<UInt8>) throws(HTTPProtocolError) -> StatusLine {
    guard line.count >= 12, line.extracting(first: 5).equals("HTTP/"), Grammar.isDigit(line[5]),
      line[6] == UInt8(ascii: "."), Grammar.isDigit(line[7]), line[8] == UInt8(ascii: " "),
      line.count == 12 || line[12] == UInt8(ascii: " ")
    else { throw .badStatusLine }
    guard line[5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
    var code = 0
    for index in 9..<12 {
      guard Grammar.isDigit(line[index]) else { throw .badStatusLine }
      code = code * 10 + Int(line[index] - 0x30)
    }
    guard code >= 100, code <= 599, ByteSearch.isFieldValue(line.extracting(12..<line.count))
    else { throw .badStatusLine }
    return StatusLine(version: line[7] == UInt8(ascii: "0") ? .http10 : .http11, code: code)
  }
}
