/// Looks at eight bytes at a time.
enum ByteSearch {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Where the first LF in `bytes[range]` is; nil when there is none.
  @inline(__always)
  static func firstLineFeed(_ bytes: Span<UInt8>, in range: Range<Int>) -> Int? {
    let raw = bytes.bytes
    var index = range.lowerBound
    while range.upperBound - index >= 8 {
      let word = UInt64(
        littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
      // A byte that was LF is zero now; below the first such byte no bit can be set by a borrow.
      let difference = word ^ (ones &* 0x0A)
      let found = (difference &- ones) & ~difference & highBits
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < range.upperBound {
      if bytes[index] == 0x0A { return index }
      index += 1
    }
    return nil
  }

  /// Whether all of `bytes` may stand in a field value (`Grammar.isFieldValue`).
  @inline(__always)
  static func isFieldValue(_ bytes: Span<UInt8>) -> Bool {
    let raw = bytes.bytes
    var index = 0
    while bytes.count - index >= 8 {
      let word = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let delete = word ^ (ones &* 0x7F)
      let isControl = (word &- ones &* 0x20) & ~word & highBits
      let isDelete = (delete &- ones) & ~delete & highBits
      // Rarely so, and then it may still be a tab: look closer.
      if isControl | isDelete != 0 {
        for offset in index..<(index + 8) where !Grammar.isFieldValue(bytes[offset]) {
          return false
        }
      }
      index += 8
    }
    while index < bytes.count {
      if !Grammar.isFieldValue(bytes[index]) { return false }
      index += 1
    }
    return true
  }
}
