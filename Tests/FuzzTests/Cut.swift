/// Ways in which a stream of bytes may arrive.
enum Cut {
  /// Byte by byte, and in pieces of random sizes, small or large.
  static func some(
    _ bytes: [UInt8], _ generator: inout SeededGenerator
  ) -> [[ArraySlice<UInt8>]] {
    let sizeMax = generator.below(2) == 0 ? 8 : max(bytes.count, 1)
    return [bytes.indices.map { bytes[$0...$0] }, pieces(bytes, upTo: sizeMax, &generator)]
  }

  /// Pieces of 1 to `sizeMax` bytes.
  static func pieces(
    _ bytes: [UInt8], upTo sizeMax: Int, _ generator: inout SeededGenerator
  ) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = min(start + 1 + generator.below(sizeMax), bytes.count)
      pieces.append(bytes[start..<end])
      start = end
    }
    return pieces
  }
}
