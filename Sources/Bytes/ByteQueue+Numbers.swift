extension ByteQueue {
  /// Appends `value` in decimal digits, with `-` when negative.
  package mutating func append(decimal value: Int) {
    append(decimal: Int64(value))
  }

  /// Appends `value` in decimal digits, with `-` when negative.
  package mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  /// Appends `value` in decimal digits.
  package mutating func append(decimal value: UInt64) {
    var digits = 1
    var rest = value
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    reserve(digits)
    rest = value
    var position = end + digits
    for _ in 0..<digits {
      position -= 1
      base[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    end += digits
  }

  /// Appends exactly `digits` decimal digits of `value`, with leading zeros.
  /// - Precondition: `value` is not negative and fits.
  package mutating func append(decimal value: Int, digits: Int) {
    reserve(digits)
    var rest = value
    var position = end + digits
    for _ in 0..<digits {
      position -= 1
      base[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    end += digits
  }

  /// Appends `value` in lower-case hexadecimal, without leading zeros.
  package mutating func append(hex value: Int) {
    let significant = max(1, (Int.bitWidth - value.leadingZeroBitCount + 3) / 4)
    append(hex: UInt64(bitPattern: Int64(value)), digits: significant)
  }

  /// Appends exactly `digits` (1 to 16) lower-case hexadecimal digits of `value`, most significant
  /// first.
  package mutating func append(hex value: UInt64, digits: Int) {
    reserve(digits)
    for index in 0..<digits {
      let nibble = UInt8(truncatingIfNeeded: value >> UInt64((digits - 1 - index) * 4)) & 0xF
      base[end + index] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
    end += digits
  }
}
