/// Byte classes of RFC 9110 §5.6 and RFC 9112 §2–§5, and comparison without regard to case.
package enum Grammar {
  /// `tchar` (RFC 9110 §5.6.2).
  @inline(__always)
  package static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2D, 0x5F, 0x2E, 0x21, 0x23...0x27, 0x2A, 0x2B,
      0x5E, 0x60, 0x7C, 0x7E:
      true
    default: false
    }
  }

  /// `field-vchar`, space or tab (RFC 9110 §5.5).
  @inline(__always)
  package static func isFieldValue(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F || byte == 0x09
  }

  /// `VCHAR`: what a request target may consist of.
  @inline(__always)
  package static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// The value of a hexadecimal digit.
  @inline(__always)
  package static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  @inline(__always)
  package static func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }

  /// Whether `bytes[range]` is `text`, which is in lower case, but for case.
  @inline(__always)
  package static func matches(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ text: StaticString
  ) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    let start = text.utf8Start
    for index in 0..<range.count
    where lowercased(bytes[range.lowerBound + index]) != start[index] { return false }
    return true
  }

  /// Whether `bytes[range]` is exactly `text`.
  @inline(__always)
  static func equals(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    let start = text.utf8Start
    for index in 0..<range.count where bytes[range.lowerBound + index] != start[index] {
      return false
    }
    return true
  }

  /// `range` without blanks at its ends.
  @inline(__always)
  static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, isBlank(bytes[lower]) { lower += 1 }
    while lower < upper, isBlank(bytes[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  /// Whether one of the comma-separated elements in `range` is `token`, in lower case.
  static func listContains(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ token: StaticString
  ) -> Bool {
    var start = range.lowerBound
    for index in range where bytes[index] == UInt8(ascii: ",") {
      if matches(bytes, trimmed(bytes, start..<index), token) { return true }
      start = index + 1
    }
    return matches(bytes, trimmed(bytes, start..<range.upperBound), token)
  }
}
