import HTTPTypes

/// Reads a request line (RFC 9112 §3).
enum RequestLineParser {
  struct Line {
    var method: HTTPRequest.Method
    var form: RequestHead.TargetForm
    var version: HTTPVersion
    var target: Range<Int>
    var path: Range<Int>
    var query: Range<Int>
  }

  /// - Parameter end: Where the line's CRLF begins.
  static func parse(_ bytes: Span<UInt8>, end: Int) throws(HTTPProtocolError) -> Line {
    var position = 0
    while position < end, Grammar.isToken(bytes[position]) { position += 1 }
    guard position > 0, position < end, bytes[position] == UInt8(ascii: " ") else {
      throw .badRequestLine
    }
    let method = method(bytes, 0..<position)
    let targetStart = position + 1
    position = targetStart
    var pathEnd: Int?
    while position < end, Grammar.isVisible(bytes[position]) {
      if bytes[position] == UInt8(ascii: "?"), pathEnd == nil { pathEnd = position }
      position += 1
    }
    guard position > targetStart, position < end, bytes[position] == UInt8(ascii: " ") else {
      throw .badTarget
    }
    let target = targetStart..<position
    let version = try version(bytes, (position + 1)..<end)
    let form = try form(bytes, target, method)
    let path = targetStart..<(pathEnd ?? position)
    return Line(
      method: method, form: form, version: version, target: target, path: path,
      query: pathEnd.map { ($0 + 1)..<target.upperBound } ?? position..<position)
  }

  @inline(__always)
  private static func method(_ bytes: Span<UInt8>, _ range: Range<Int>) -> HTTPRequest.Method {
    switch range.count {
    case 3 where Grammar.equals(bytes, range, "GET"): return .get
    case 3 where Grammar.equals(bytes, range, "PUT"): return .put
    case 4 where Grammar.equals(bytes, range, "POST"): return .post
    case 4 where Grammar.equals(bytes, range, "HEAD"): return .head
    case 5 where Grammar.equals(bytes, range, "PATCH"): return .patch
    case 6 where Grammar.equals(bytes, range, "DELETE"): return .delete
    case 7 where Grammar.equals(bytes, range, "OPTIONS"): return .options
    case 7 where Grammar.equals(bytes, range, "CONNECT"): return .connect
    default:
      let name = bytes.extracting(range).withUnsafeBufferPointer {
        String(decoding: $0, as: UTF8.self)
      }
      // It consists of token bytes, which is all that the initialiser asks.
      return HTTPRequest.Method(name) ?? .trace
    }
  }

  private static func version(
    _ bytes: Span<UInt8>, _ range: Range<Int>
  ) throws(HTTPProtocolError) -> HTTPVersion {
    let start = range.lowerBound
    guard range.count == 8, Grammar.equals(bytes, start..<(start + 5), "HTTP/"),
      Grammar.isDigit(bytes[start + 5]), bytes[start + 6] == UInt8(ascii: "."),
      Grammar.isDigit(bytes[start + 7])
    else { throw .badRequestLine }
    guard bytes[start + 5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
    return bytes[start + 7] == UInt8(ascii: "0") ? .http10 : .http11
  }

  private static func form(
    _ bytes: Span<UInt8>, _ target: Range<Int>, _ method: HTTPRequest.Method
  ) throws(HTTPProtocolError) -> RequestHead.TargetForm {
    let start = target.lowerBound
    if method == .connect { return .authority }
    if bytes[start] == UInt8(ascii: "/") { return .origin }
    if target.count == 1, bytes[start] == UInt8(ascii: "*"), method == .options { return .asterisk }
    if target.count > 7, Grammar.matches(bytes, start..<(start + 7), "http://") { return .absolute }
    if target.count > 8, Grammar.matches(bytes, start..<(start + 8), "https://") {
      return .absolute
    }
    throw .badTarget
  }
}
