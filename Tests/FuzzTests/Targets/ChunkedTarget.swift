import Bytes
import HTTP1

/// The chunked coding, read by the decoder and by a plain reading of RFC 9112 §7.1.
enum ChunkedTarget {
  private static let head = Array(
    "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n".utf8)

  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    var generator = SeededGenerator(hashing: bytes)
    let stream = head + bytes
    for limits in [HTTPLimits(), tight(&generator)] {
      let whole = try RequestReading(of: [stream[...]], limits: limits)
      let pieces = Cut.pieces(stream, upTo: 8, &generator)
      let other = try RequestReading(of: pieces, limits: limits)
      try requireEqual(other.events, whole.events, "cut \(pieces.map(\.count))")
      try compare(whole, with: ChunkedOracle(bytes, limits: limits))
    }
    try checkEncoder(bytes, &generator)
  }

  private static func tight(_ generator: inout SeededGenerator) -> HTTPLimits {
    var limits = HTTPLimits()
    let tight = HTTPLimits.tight(&generator)
    limits.bodyBytesMax = tight.bodyBytesMax
    limits.chunkExtensionBytesMax = tight.chunkExtensionBytesMax
    limits.trailerBytesMax = tight.trailerBytesMax
    limits.trailerCountMax = tight.trailerCountMax
    return limits
  }

  private static func compare(
    _ reading: RequestReading, with oracle: ChunkedOracle
  ) throws(BrokenInvariant) {
    guard let message = reading.messages.first else {
      throw BrokenInvariant("the head was not read")
    }
    try requireEqual(message.body, oracle.body, "content")
    try requireEqual(message.isComplete, oracle.outcome == .complete, "complete")
    switch oracle.outcome {
    case .malformed:
      guard case .error = reading.events.last else { throw BrokenInvariant("no error") }
    case .incomplete:
      // Something that could not become a chunk may have been seen already.
      break
    case .complete:
      let trailers = oracle.trailers.joined(separator: "\n")
      try require(reading.events.contains(.end(trailers: trailers)), "trailers: \(trailers)")
    }
  }

  /// Content in chunks of any sizes is the content.
  private static func checkEncoder(
    _ bytes: [UInt8], _ generator: inout SeededGenerator
  ) throws(BrokenInvariant) {
    var queue = ByteQueue()
    queue.append(head)
    for piece in Cut.pieces(bytes, upTo: 300, &generator) {
      MessageEncoder.appendChunk(piece.span, to: &queue)
    }
    MessageEncoder.appendLastChunk(to: &queue)
    let reading = try RequestReading(of: [queue.array()[...]], limits: HTTPLimits())
    try requireEqual(reading.messages.first?.body, bytes, "content in chunks")
    try requireEqual(reading.events.last, .finished(nil), "end")
  }
}
