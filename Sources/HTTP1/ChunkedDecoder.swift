import Bytes

/// Undoes the chunked transfer coding (RFC 9112 §7.1): `chunk-size [ chunk-ext ] CRLF`, data, CRLF,
/// until a size of zero, then the trailer section.
struct ChunkedDecoder {
  enum Event { case needMoreBytes, body(Int), end }

  private enum State {
    /// So many digits of a size so far.
    case size(Int, digits: Int)
    /// Blanks behind a size, which only an extension may follow (RFC 9112 §7.1.1).
    case blank(Int)
    case chunkExtension(Int)
    /// The CR behind a size was there.
    case sizeEnd(Int)
    case data(Int)
    case dataEnd
    /// The CR behind the data was there.
    case dataEndLF
    case trailers
  }

  /// Digits of a chunk size: what 64 bits take. More could only be zeros in front.
  private static let sizeDigitsMax = 16

  private let limits: HTTPLimits
  private var state = State.size(0, digits: 0)
  private var total = 0
  private var extensionBytes = 0
  private var framingBytes = 0
  private var trailerSection: TrailerSection

  init(limits: HTTPLimits) {
    self.limits = limits
    trailerSection = TrailerSection(limits: limits)
  }

  /// The trailer fields; nil when there are none.
  var trailers: HeadFields? { trailerSection.fields }

  /// Bytes of framing ever looked at.
  var examinedByteCount: Int { framingBytes + trailerSection.examinedByteCount }

  /// As `RequestDecoder.next`: body bytes are the caller's to consume.
  mutating func next(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Event {
    while true {
      switch state {
      case .data(let remaining):
        guard !buffer.isEmpty else { return .needMoreBytes }
        let count = min(remaining, buffer.count)
        state = count == remaining ? .dataEnd : .data(remaining - count)
        return .body(count)
      case .trailers: return try trailerSection.read(&buffer) ? .end : .needMoreBytes
      default:
        guard try readFraming(&buffer) else { return .needMoreBytes }
      }
    }
  }

  /// Reads and consumes framing bytes, each once.
  /// - Returns: Whether something else follows: data or trailers.
  private mutating func readFraming(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Bool {
    let (consumed, isDone) = try buffer.withBytes {
      (bytes) throws(HTTPProtocolError) -> (Int, Bool) in
      for index in 0..<bytes.count where try take(bytes[index]) { return (index + 1, true) }
      return (bytes.count, false)
    }
    framingBytes &+= consumed
    buffer.consume(consumed)
    return isDone
  }

  /// - Returns: Whether `byte` is the last one of a chunk's first line.
  private mutating func take(_ byte: UInt8) throws(HTTPProtocolError) -> Bool {
    switch state {
    case .size(let size, let digits): try takeSizeByte(byte, size, digits)
    case .blank(let size):
      try countExtensionByte()
      if byte == UInt8(ascii: ";") {
        state = .chunkExtension(size)
      } else if !Grammar.isBlank(byte) {
        throw .badChunk
      }
    case .chunkExtension(let size):
      if byte == UInt8(ascii: "\r") {
        state = .sizeEnd(size)
      } else {
        guard Grammar.isFieldValue(byte) else { throw .badChunk }
        try countExtensionByte()
      }
    case .sizeEnd(let size):
      guard byte == UInt8(ascii: "\n") else { throw .badChunk }
      guard size <= limits.bodyBytesMax - total else { throw .contentTooLarge }
      total += size
      state = size == 0 ? .trailers : .data(size)
      return true
    case .dataEnd:
      guard byte == UInt8(ascii: "\r") else { throw .badChunk }
      state = .dataEndLF
    case .dataEndLF:
      guard byte == UInt8(ascii: "\n") else { throw .badChunk }
      state = .size(0, digits: 0)
    case .data, .trailers: return true
    }
    return false
  }

  private mutating func takeSizeByte(
    _ byte: UInt8, _ size: Int, _ digits: Int
  ) throws(HTTPProtocolError) {
    if let digit = Grammar.hexValue(byte) {
      guard size <= Int.max >> 4, digits < Self.sizeDigitsMax else { throw .badChunk }
      state = .size(size << 4 | Int(digit), digits: digits + 1)
      return
    }
    guard digits > 0 else { throw .badChunk }
    switch byte {
    case UInt8(ascii: "\r"): state = .sizeEnd(size)
    case UInt8(ascii: ";"):
      try countExtensionByte()
      state = .chunkExtension(size)
    case UInt8(ascii: " "), UInt8(ascii: "\t"):
      try countExtensionByte()
      state = .blank(size)
    default: throw .badChunk
    }
  }

  private mutating func countExtensionByte() throws(HTTPProtocolError) {
    extensionBytes += 1
    guard extensionBytes <= limits.chunkExtensionBytesMax else { throw .chunkExtensionsTooLarge }
  }
}
