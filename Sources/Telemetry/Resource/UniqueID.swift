import Bytes

/// Universally unique identifiers (RFC 9562).
enum UniqueID {
  /// One of version 4: 122 random bits, as text in lower case.
  static func random() -> String {
    var source = SystemRandomNumberGenerator()
    return version4(source.next(), source.next())
  }

  /// The identifier with the bits of `high` and `low`, apart from version and variant.
  static func version4(_ high: UInt64, _ low: UInt64) -> String {
    let high = high & ~0xF000 | 0x4000
    let low = low & ~(0b11 << 62) | 0b10 << 62
    var text = ByteQueue(capacity: 36)
    text.append(hex: high >> 32, digits: 8)
    text.append(UInt8(ascii: "-"))
    text.append(hex: high >> 16 & 0xFFFF, digits: 4)
    text.append(UInt8(ascii: "-"))
    text.append(hex: high & 0xFFFF, digits: 4)
    text.append(UInt8(ascii: "-"))
    text.append(hex: low >> 48, digits: 4)
    text.append(UInt8(ascii: "-"))
    text.append(hex: low & 0xFFFF_FFFF_FFFF, digits: 12)
    return String(decoding: text.array(), as: UTF8.self)
  }
}
