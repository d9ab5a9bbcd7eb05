import Bytes

/// Undoes the chunked transfer coding (RFC 9112 §7.1).
struct ChunkedDecoder {
  enum Event { case needMoreBytes, body(Int), end }

  private enum State { case sizeLine, data(Int), dataEnd, trailers, done }

  private var state = State.sizeLine
  private var scanned = 0
  private var trailers = HeadScanner()
  private var total = 0

  /// As `RequestDecoder.next`: body bytes are the caller's to consume.
  mutating func next(
    _ buffer: inout ByteQueue, limits: HTTPLimits
  ) throws(HTTPProtocolError) -> Event {
    while true {
      switch state {
      case .sizeLine:
        guard let size = try sizeLine(&buffer, limits) else { return .needMoreBytes }
        let (sum, overflow) = total.addingReportingOverflow(size)
        guard !overflow, sum <= limits.bodyBytesMax else { throw .contentTooLarge }
        total = sum
        state = size == 0 ? .trailers : .data(size)
      case .data(let remaining):
        guard !buffer.isEmpty else { return .needMoreBytes }
        let count = min(remaining, buffer.count)
        state = count == remaining ? .dataEnd : .data(remaining - count)
        return .body(count)
      case .dataEnd:
        if !buffer.isEmpty, buffer[0] != UInt8(ascii: "\r") { throw .badChunk }
        guard buffer.count >= 2 else { return .needMoreBytes }
        guard buffer[1] == UInt8(ascii: "\n") else { throw .badChunk }
        buffer.consume(2)
        state = .sizeLine
      case .trailers:
        let length = try trailers.scan(buffer, isTrailer: true)
        guard (length ?? trailers.scanned) <= limits.trailerSectionBytesMax else {
          throw .fieldsTooLarge
        }
        guard let length else { return .needMoreBytes }
        try buffer.withBytes { (bytes) throws(HTTPProtocolError) in
          // Trailers are checked and dropped: nothing here has a use for them.
          var fields: ContiguousArray<FieldSlice> = []
          _ = try FieldParser.parse(
            bytes.extracting(0..<length), from: 0, countMax: limits.fieldCountMax, into: &fields)
        }
        buffer.consume(length)
        state = .done
      case .done: return .end
      }
    }
  }

  /// Reads one chunk-size line; nil when it is not all there.
  private mutating func sizeLine(
    _ buffer: inout ByteQueue, _ limits: HTTPLimits
  ) throws(HTTPProtocolError) -> Int? {
    var lineEnd: Int?
    while scanned < buffer.count, lineEnd == nil {
      if buffer[scanned] == UInt8(ascii: "\n") { lineEnd = scanned }
      scanned += 1
    }
    guard (lineEnd ?? scanned) <= limits.chunkLineBytesMax else { throw .badChunk }
    guard let lineEnd else { return nil }
    let size = try buffer.withBytes { (bytes) throws(HTTPProtocolError) -> Int in
      try Self.size(bytes.extracting(0..<lineEnd))
    }
    buffer.consume(lineEnd + 1)
    scanned = 0
    return size
  }

  /// The size in a line without its LF. Extensions are bounded and ignored (RFC 9112 §7.1.1).
  private static func size(_ line: Span<UInt8>) throws(HTTPProtocolError) -> Int {
    guard line.count >= 2, line[line.count - 1] == UInt8(ascii: "\r") else { throw .badChunk }
    var size = 0
    var index = 0
    while let digit = Grammar.hexValue(line[index]) {
      guard size <= Int.max >> 4 else { throw .badChunk }
      size = size << 4 | Int(digit)
      index += 1
    }
    let end = line.count - 1
    guard index > 0 else { throw .badChunk }
    guard index < end else { return size }
    guard line[index] == UInt8(ascii: ";") else { throw .badChunk }
    for position in index..<end where !Grammar.isFieldValue(line[position]) { throw .badChunk }
    return size
  }
}
