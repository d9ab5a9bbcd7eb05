/// Reads field lines (RFC 9112 §5) of a head whose line ends have been checked.
enum FieldParser {
  /// What the fields say about the message they belong to.
  struct Semantics {
    var contentLength: Int?
    var isChunked = false
    var hasTransferEncoding = false
    var hasClose = false
    var hasKeepAlive = false
    var expectsContinue = false
    var hostCount = 0
    var host = 0..<0
  }

  /// Reads the field lines from `start` to the empty line, which ends `bytes`.
  static func parse(
    _ bytes: Span<UInt8>, from start: Int, countMax: Int,
    into fields: inout ContiguousArray<FieldSlice>
  ) throws(HTTPProtocolError) -> Semantics {
    var semantics = Semantics()
    var position = start
    let end = bytes.count - 2
    while position < end {
      guard fields.count < countMax else { throw .fieldsTooLarge }
      let nameStart = position
      while position < end, Grammar.isToken(bytes[position]) { position += 1 }
      let nameEnd = position
      guard nameEnd > nameStart, position < end, bytes[position] == UInt8(ascii: ":") else {
        throw .badField
      }
      position += 1
      while Grammar.isBlank(bytes[position]) { position += 1 }
      let valueStart = position
      while Grammar.isFieldValue(bytes[position]) { position += 1 }
      guard bytes[position] == UInt8(ascii: "\r") else { throw .badField }
      let value = Grammar.trimmed(bytes, valueStart..<position)
      position += 2
      fields.append(
        FieldSlice(
          nameStart: Int32(truncatingIfNeeded: nameStart),
          nameEnd: Int32(truncatingIfNeeded: nameEnd),
          valueStart: Int32(truncatingIfNeeded: value.lowerBound),
          valueEnd: Int32(truncatingIfNeeded: value.upperBound)))
      try semantics.note(bytes, nameStart..<nameEnd, value)
    }
    return semantics
  }
}

extension FieldParser.Semantics {
  /// Takes account of the fields that frame a message or rule its connection.
  @inline(__always)
  fileprivate mutating func note(
    _ bytes: Span<UInt8>, _ name: Range<Int>, _ value: Range<Int>
  ) throws(HTTPProtocolError) {
    switch name.count {
    case 4 where Grammar.matches(bytes, name, "host"):
      hostCount += 1
      host = value
    case 6 where Grammar.matches(bytes, name, "expect"):
      guard Grammar.matches(bytes, value, "100-continue") else { throw .unknownExpectation }
      expectsContinue = true
    case 10 where Grammar.matches(bytes, name, "connection"):
      if Grammar.listContains(bytes, value, "close") { hasClose = true }
      if Grammar.listContains(bytes, value, "keep-alive") { hasKeepAlive = true }
    case 14 where Grammar.matches(bytes, name, "content-length"):
      try noteContentLength(bytes, value)
    case 17 where Grammar.matches(bytes, name, "transfer-encoding"):
      guard !hasTransferEncoding else { throw .badTransferEncoding }
      hasTransferEncoding = true
      isChunked = Grammar.matches(bytes, value, "chunked")
      if !isChunked {
        throw Grammar.listContains(bytes, value, "chunked")
          ? .badTransferEncoding : .unknownTransferCoding
      }
    default: break
    }
  }

  /// One value of digits only: duplicates and lists, even of equal values, are how requests are
  /// smuggled, and no honest sender needs them.
  private mutating func noteContentLength(
    _ bytes: Span<UInt8>, _ value: Range<Int>
  ) throws(HTTPProtocolError) {
    guard contentLength == nil, !value.isEmpty else { throw .badContentLength }
    var length = 0
    for index in value {
      guard Grammar.isDigit(bytes[index]) else { throw .badContentLength }
      let (tenfold, overflow) = length.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = tenfold.addingReportingOverflow(Int(bytes[index] - 0x30))
      guard !overflow, !overflow2 else { throw .badContentLength }
      length = sum
    }
    contentLength = length
  }
}
