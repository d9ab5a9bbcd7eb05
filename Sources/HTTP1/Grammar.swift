/// Byte classes of RFC 9110 §5.6, RFC 9112 §2–§5 and RFC 3986 §2.
enum Grammar {
  /// `tchar` (RFC 9110 §5.6.2): letters, digits and ``!#$%&'*+-.^_`|~``.
  @inline(__always)
  static func isToken(_ byte: UInt8) -> Bool {
    isMember(byte, low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
  }

  /// `field-vchar`, space or tab (RFC 9110 §5.5).
  @inline(__always)
  static func isFieldValue(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F || byte == 0x09
  }

  /// `VCHAR` (RFC 5234 §B.1). RFC 3986 leaves some of these out of a URI; what stands in a target
  /// between two spaces is passed on as data all the same, which no reader can take for framing.
  @inline(__always)
  static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

  /// `unreserved` and `sub-delims` (RFC 3986 §2.2, §2.3): what a registered name is made of besides
  /// escapes. The comma is left out: it is what two merged Host fields look like, and no name that
  /// can be resolved has one.
  @inline(__always)
  static func isRegisteredName(_ byte: UInt8) -> Bool {
    isMember(byte, low: 0x2BFF_6FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
  }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// The value of a hexadecimal digit.
  @inline(__always)
  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  /// Whether `byte` is in a set of ASCII characters: one bit each, `low` for those below 64.
  @inline(__always)
  private static func isMember(_ byte: UInt8, low: UInt64, high: UInt64) -> Bool {
    let half = byte < 64 ? low : byte < 128 ? high : 0
    return half >> UInt64(byte & 63) & 1 != 0
  }
}
