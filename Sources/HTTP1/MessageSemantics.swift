/// What the fields of a head say about the message and its connection (RFC 9110 §7–§10, RFC 9112
/// §6, §9), collected line by line.
struct MessageSemantics: BitwiseCopyable {
  /// Negative while there is none.
  private var contentLengthValue = -1
  private(set) var isChunked = false
  private(set) var hasClose = false
  private(set) var hasKeepAlive = false
  private(set) var expectsContinue = false
  private(set) var hasHost = false
  private var hostStart: UInt32 = 0
  private var hostEnd: UInt32 = 0

  var contentLength: Int? { contentLengthValue < 0 ? nil : contentLengthValue }

  /// Where the value of Host is; empty when there is none.
  var host: Range<Int> { Int(hostStart)..<Int(hostEnd) }

  /// Takes account of one field line. Names are told apart by their length first: most lines need
  /// no further look.
  /// - Parameter isRequest: Whether fields that only requests have mean anything.
  @inline(__always)
  mutating func note(
    _ bytes: Span<UInt8>, _ field: FieldSlice, isRequest: Bool
  ) throws(HTTPProtocolError) {
    let name = bytes.extracting(field.name)
    switch name.count {
    case 4 where isRequest && name.matches("host"): try noteHost(bytes, field.value)
    case 6 where isRequest && name.matches("expect"):
      guard bytes.extracting(field.value).matches("100-continue"), !expectsContinue else {
        throw .unknownExpectation
      }
      expectsContinue = true
    case 10 where name.matches("connection"): noteConnection(bytes.extracting(field.value))
    case 14 where name.matches("content-length"):
      try noteContentLength(bytes.extracting(field.value))
    case 17 where name.matches("transfer-encoding"):
      try noteTransferEncoding(bytes.extracting(field.value))
    default: break
    }
  }

  /// RFC 9112 §3.2: more than one Host, or an invalid one, is a bad request.
  private mutating func noteHost(
    _ bytes: Span<UInt8>, _ value: Range<Int>
  ) throws(HTTPProtocolError) {
    guard !hasHost, value.isEmpty || Authority.isValid(bytes.extracting(value)) else {
      throw .badHost
    }
    hasHost = true
    hostStart = UInt32(truncatingIfNeeded: value.lowerBound)
    hostEnd = UInt32(truncatingIfNeeded: value.upperBound)
  }

  private mutating func noteConnection(_ value: Span<UInt8>) {
    TokenList.forEachElement(of: value) { element in
      if element.matches("close") {
        hasClose = true
      } else if element.matches("keep-alive") {
        hasKeepAlive = true
      }
    }
  }

  /// One value of digits only. RFC 9110 §8.6 lets a recipient accept equal duplicates and lists:
  /// that is how requests are smuggled, and no honest sender needs it.
  private mutating func noteContentLength(_ value: Span<UInt8>) throws(HTTPProtocolError) {
    guard contentLengthValue < 0, !value.isEmpty else { throw .badContentLength }
    var length = 0
    for index in 0..<value.count {
      guard Grammar.isDigit(value[index]) else { throw .badContentLength }
      let (tenfold, overflow) = length.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(Int(value[index] &- 0x30))
      guard !overflow, !carry else { throw .badContentLength }
      length = sum
    }
    contentLengthValue = length
  }

  /// Only `chunked`, and only once (RFC 9112 §6.1, §7).
  private mutating func noteTransferEncoding(_ value: Span<UInt8>) throws(HTTPProtocolError) {
    guard !isChunked else { throw .badTransferEncoding }
    guard !value.matches("chunked") else {
      isChunked = true
      return
    }
    // Chunked among others: in its place, at the end, the others are what we do not know. Anywhere
    // else, or in an empty list, the field itself is faulty.
    var unknownCount = 0
    var isChunkedLast = false
    var isMisplaced = false
    TokenList.forEachElement(of: value) { element in
      isMisplaced = isMisplaced || isChunkedLast
      isChunkedLast = element.matches("chunked")
      if !isChunkedLast { unknownCount += 1 }
    }
    throw isMisplaced || unknownCount == 0 ? .badTransferEncoding : .unknownTransferCoding
  }
}
