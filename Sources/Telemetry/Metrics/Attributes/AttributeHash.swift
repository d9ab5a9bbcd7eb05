import OTLP

/// Hashes attributes without regard to their order, fast: every measurement with attributes of its
/// own pays for it.
///
/// Strings are mixed eight bytes at a time by 64-bit multiplication to 128 bits (the construction
/// of wyhash), with a seed of the process, so that nobody outside can choose colliding values.
enum AttributeHash {
  private static let seed = UInt64.random(in: .min ... .max)
  private static let first: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let second: UInt64 = 0xD6E8_FEB8_6659_FD93

  @inline(__always)
  static func hash(_ attributes: UnsafeBufferPointer<Attribute>) -> UInt64 {
    let seed = seed
    var sum = seed
    for index in 0..<attributes.count { sum &+= hash(attributes, index, seed) }
    return mix(sum, second)
  }

  /// The hash of the attributes that `filter` keeps.
  static func hash(
    _ attributes: UnsafeBufferPointer<Attribute>, _ filter: AttributeFilter
  ) -> UInt64 {
    let seed = seed
    var sum = seed
    for index in 0..<attributes.count where filter.keeps(attributes[index].key) {
      sum &+= hash(attributes, index, seed)
    }
    return mix(sum, second)
  }

  @inline(__always)
  private static func hash(
    _ attributes: UnsafeBufferPointer<Attribute>, _ index: Int, _ seed: UInt64
  ) -> UInt64 {
    let key = hash(attributes[index].key, seed)
    return switch attributes[index].value {
    case .string(let text): mix(key, hash(text, first))
    case .int(let number): mix(key &+ 1, UInt64(bitPattern: number) ^ first)
    case .bool(let flag): mix(key &+ 2, flag ? first : second)
    case .double(let number): mix(key &+ 3, number.bitPattern ^ second)
    case .bytes, .array, .map: mix(key, composite(attributes[index].value))
    }
  }

  @inline(never)
  private static func composite(_ value: AttributeValue) -> UInt64 {
    UInt64(bitPattern: Int64(value.hashValue))
  }

  @inline(__always)
  private static func hash(_ text: borrowing String, _ seed: UInt64) -> UInt64 {
    text.utf8Span.span.withUnsafeBufferPointer { hash($0, seed) }
  }

  @inline(__always)
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ seed: UInt64) -> UInt64 {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return mix(seed, first) }
    let raw = UnsafeRawPointer(start)
    let count = bytes.count
    var state = seed ^ UInt64(truncatingIfNeeded: count)
    if count < 8 {
      // The first and the last four bytes, which may overlap; or up to three single ones.
      let word =
        count >= 4
        ? UInt64(load32(raw)) << 32 | UInt64(load32(raw + (count - 4)))
        : UInt64(bytes[0]) << 16 | UInt64(bytes[count >> 1]) << 8 | UInt64(bytes[count - 1])
      return mix(word ^ first, state ^ second)
    }
    var position = 0
    while position < count - 8 {
      state = mix(load64(raw + position) ^ first, state)
      position += 8
    }
    return mix(load64(raw + (count - 8)) ^ second, state)
  }

  @inline(__always)
  private static func load64(_ pointer: UnsafeRawPointer) -> UInt64 {
    pointer.loadUnaligned(as: UInt64.self)
  }

  @inline(__always)
  private static func load32(_ pointer: UnsafeRawPointer) -> UInt32 {
    pointer.loadUnaligned(as: UInt32.self)
  }

  @inline(__always)
  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}
