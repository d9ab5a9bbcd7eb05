import Bytes
import Gzip

/// gzip, from outside and our own.
enum GzipTarget {
  /// Magic, deflate, no flags, no time, no hints, Unix.
  private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
  private static let outputBytesMax = 1 << 15

  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    var generator = SeededGenerator(hashing: bytes)
    try checkDecoder(bytes, &generator)
    // Behind a header, so that nearly every input reaches the decompressor.
    try checkDecoder(header + bytes, &generator)
    try checkEncoder(bytes, &generator)
  }

  /// Any cut of the bytes and any bound of a step give the same output, or the same refusal.
  private static func checkDecoder(
    _ bytes: [UInt8], _ generator: inout SeededGenerator
  ) throws(BrokenInvariant) {
    // The ratio is judged after each step, so a refusal for it depends on the steps.
    let limits = GzipLimits(outputBytesMax: outputBytesMax, ratioMax: 1 << 20)
    let whole = decode(bytes, limits)
    if case .success(let output) = whole {
      try require(output.count <= outputBytesMax, "\(output.count) bytes of output")
    }
    for sizeMax in [1, 7, max(bytes.count, 1)] {
      let pieces = Cut.pieces(bytes, upTo: sizeMax, &generator)
      let step = sizeMax == 1 ? 1 << 16 : 1 + generator.below(300)
      let other = try decode(pieces, limits, atMost: step)
      try requireEqual(other, whole, "cut \(pieces.map(\.count)), \(step) at a time")
    }
    let strict = decode(bytes, GzipLimits(outputBytesMax: outputBytesMax, ratioExemptBytes: 1_024))
    if strict != whole { try requireEqual(strict, .failure(.tooLarge(.ratio)), "with a ratio") }
  }

  /// What we compress is what decompresses, whatever the level and wherever it was flushed.
  private static func checkEncoder(
    _ bytes: [UInt8], _ generator: inout SeededGenerator
  ) throws(BrokenInvariant) {
    var encoder = GzipEncoder(level: generator.below(10))
    var output = ByteQueue()
    for piece in Cut.pieces(bytes, upTo: 100, &generator) {
      encoder.encode(piece.span, into: &output)
      if generator.below(4) == 0 { encoder.flush(into: &output) }
    }
    encoder.finish(into: &output)
    let limits = GzipLimits(ratioMax: 1 << 20)
    try requireEqual(decode(output.array(), limits), .success(bytes), "compressed")
    let member = output.array()
    try requireEqual(decode(member + member, limits), .success(bytes + bytes), "two members")
    try requireEqual(
      decode(member.dropLast(), limits), .failure(.truncated), "without its last byte")
  }

  private static func decode(
    _ bytes: [UInt8], _ limits: GzipLimits
  ) -> Result<[UInt8], GzipError> {
    var output = ByteQueue()
    do throws(GzipError) {
      try Gzip.decode(bytes.span, limits: limits, into: &output)
    } catch {
      return .failure(error)
    }
    return .success(output.array())
  }

  private static func decode(
    _ pieces: [ArraySlice<UInt8>], _ limits: GzipLimits, atMost byteCount: Int
  ) throws(BrokenInvariant) -> Result<[UInt8], GzipError> {
    var decoder = GzipDecoder(limits: limits)
    var input = ByteQueue()
    var output = ByteQueue()
    do throws(GzipError) {
      for piece in pieces {
        input.append(piece)
        var isOutputFull = true
        while isOutputFull {
          isOutputFull =
            try decoder.decode(from: &input, into: &output, atMost: byteCount).isOutputFull
        }
      }
      try decoder.finish()
    } catch {
      do throws(GzipError) {
        _ = try decoder.decode(from: &input, into: &output, atMost: 1)
      } catch let again {
        try requireEqual(again, error, "the error after the first one")
      }
      return .failure(error)
    }
    try requireEqual(decoder.outputBytes, output.count, "bytes of output")
    try requireEqual(decoder.inputBytes, pieces.reduce(0) { $0 + $1.count }, "bytes of input")
    return .success(output.array())
  }
}
