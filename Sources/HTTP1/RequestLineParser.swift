/// `request-line = method SP request-target SP HTTP-version` (RFC 9112 §3), with exactly one space
/// each.
enum RequestLineParser {
  /// - Parameter line: The line without its end, from the front of the head.
  static func parse(_ line: Span<UInt8>) throws(HTTPProtocolError) -> RequestLine {
    var parsed = RequestLine()
    var position = 0
    while position < line.count, Grammar.isToken(line[position]) { position += 1 }
    guard position > 0, position < line.count, line[position] == UInt8(ascii: " ") else {
      throw .badRequestLine
    }
    parsed.method = method(line.extracting(first: position))
    parsed.methodEnd = UInt32(truncatingIfNeeded: position)
    let targetStart = position + 1
    position = targetStart
    var question = 0
    while position < line.count, Grammar.isVisible(line[position]) {
      if line[position] == UInt8(ascii: "?"), question == 0 { question = position }
      position += 1
    }
    guard position > targetStart, position < line.count else { throw .badRequestLine }
    guard line[position] == UInt8(ascii: " ") else { throw .badTarget }
    parsed.targetEnd = UInt32(truncatingIfNeeded: position)
    parsed.version = try version(line.extracting((position + 1)..<line.count))
    parsed.pathStart = UInt32(truncatingIfNeeded: targetStart)
    parsed.pathEnd = UInt32(truncatingIfNeeded: question == 0 ? position : question)
    parsed.queryStart = question == 0 ? 0 : UInt32(truncatingIfNeeded: question + 1)
    try readForm(line, &parsed)
    return parsed
  }

  @inline(__always)
  private static func method(_ name: Span<UInt8>) -> RequestLine.Method {
    switch name.count {
    case 3: name.equals("GET") ? .get : name.equals("PUT") ? .put : .other
    case 4: name.equals("POST") ? .post : name.equals("HEAD") ? .head : .other
    case 5: name.equals("PATCH") ? .patch : name.equals("TRACE") ? .trace : .other
    case 6: name.equals("DELETE") ? .delete : .other
    case 7: name.equals("OPTIONS") ? .options : name.equals("CONNECT") ? .connect : .other
    default: .other
    }
  }

  /// `HTTP-version = %s"HTTP" "/" DIGIT "." DIGIT` (RFC 9112 §2.3).
  @inline(__always)
  private static func version(_ text: Span<UInt8>) throws(HTTPProtocolError) -> HTTPVersion {
    guard text.count == 8, text.extracting(first: 5).equals("HTTP/"), Grammar.isDigit(text[5]),
      text[6] == UInt8(ascii: "."), Grammar.isDigit(text[7])
    else { throw .badRequestLine }
    guard text[5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
    return text[7] == UInt8(ascii: "0") ? .http10 : .http11
  }

  /// Tells the four forms apart (RFC 9112 §3.2) and reads what only some of them have.
  @inline(__always)
  private static func readForm(
    _ line: Span<UInt8>, _ parsed: inout RequestLine
  ) throws(HTTPProtocolError) {
    let target = line.extracting(parsed.target)
    if parsed.method == .connect {
      guard Authority.isValid(target, isPortRequired: true) else { throw .badTarget }
      parsed.form = .authority
      parsed.authorityStart = parsed.methodEnd + 1
      parsed.authorityEnd = parsed.targetEnd
      parsed.pathEnd = parsed.pathStart
    } else if target[0] == UInt8(ascii: "/") {
      parsed.form = .origin
    } else if target.equals("*"), parsed.method == .options {
      parsed.form = .asterisk
    } else {
      try readAbsoluteForm(line, &parsed)
    }
  }

  /// `http://` or `https://`, a host without user information (RFC 9110 §4.2.4), then path and
  /// query.
  private static func readAbsoluteForm(
    _ line: Span<UInt8>, _ parsed: inout RequestLine
  ) throws(HTTPProtocolError) {
    let target = line.extracting(parsed.target)
    let schemeCount: Int
    if target.hasPrefix("http://") {
      schemeCount = 7
    } else if target.hasPrefix("https://") {
      schemeCount = 8
    } else {
      throw .badTarget
    }
    let start = parsed.target.lowerBound + schemeCount
    var end = start
    while end < Int(parsed.pathEnd), line[end] != UInt8(ascii: "/") { end += 1 }
    // A `?` in the scheme's place would have ended the path before it.
    guard start < end, Authority.isValid(line.extracting(start..<end)) else { throw .badTarget }
    parsed.form = .absolute
    parsed.authorityStart = UInt32(truncatingIfNeeded: start)
    parsed.authorityEnd = UInt32(truncatingIfNeeded: end)
    parsed.pathStart = UInt32(truncatingIfNeeded: end)
  }
}
