/// Integers in query parameters, read as the clients of the service are used to: the forms that
/// Pydantic accepts in its lax mode.
package enum LenientInteger {
  package enum Result: Hashable, Sendable {
    case value(Int64)
    /// An integer, but not one of 64 bits.
    case outOfRange
    /// More than 4,300 digits.
    case tooLong
    case invalid
  }

  /// The digits that are read at the most.
  private static let digitsMax = 4300

  /// Reads `text`: surrounding white space, one sign, leading zeros, single underscores between
  /// digits, and a fraction of zeros are accepted.
  package static func parse(_ text: String) -> Result {
    let bytes = Array(String(trimmed(text)).utf8)
    if isPlain(bytes), bytes.count - (bytes.first == minus ? 1 : 0) > digitsMax { return .tooLong }
    guard let cleaned = clean(bytes) else { return .invalid }
    guard cleaned.digits.count <= digitsMax else { return .tooLong }
    return value(cleaned.digits, isNegative: cleaned.isNegative)
  }

  private static let plus = UInt8(ascii: "+")
  private static let minus = UInt8(ascii: "-")
  private static let underscore = UInt8(ascii: "_")
  private static let zero = UInt8(ascii: "0")

  private static func trimmed(_ text: String) -> Substring.UnicodeScalarView {
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return scalars
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// Whether it is an integer as JSON writes it.
  private static func isPlain(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.first == minus ? bytes[1...] : bytes[...]
    guard let first = digits.first, digits.allSatisfy(isDigit) else { return false }
    return first != zero || digits.count == 1
  }

  /// Strips everything that is accepted around the significant digits; nil when more is there.
  private static func clean(_ bytes: [UInt8]) -> (digits: ArraySlice<UInt8>, isNegative: Bool)? {
    var rest = bytes[...]
    if rest.first == plus {
      rest.removeFirst()
      if rest.first == minus { return nil }
    }
    var isNegative = false
    if rest.first == minus {
      rest.removeFirst()
      if rest.first == minus || rest.first == plus { return nil }
      isNegative = true
    }
    guard let first = rest.first, isDigit(first) else { return nil }
    (rest, isNegative) = skipZeros(rest, isNegative)
    guard let integer = withoutZeroFraction(rest), let digits = withoutUnderscores(integer) else {
      return nil
    }
    return (digits, isNegative)
  }

  /// Drops leading zeros and the underscores among them. What follows them may have a sign of its
  /// own, a quirk that is kept because the clients' server had it: `0-5` is -5.
  private static func skipZeros(
    _ bytes: ArraySlice<UInt8>, _ isNegative: Bool
  ) -> (ArraySlice<UInt8>, Bool) {
    var rest = bytes
    guard rest.first == zero else { return (rest, isNegative) }
    var lastZero = rest.startIndex
    while let byte = rest.first, byte == zero || byte == underscore {
      if byte == zero { lastZero = rest.startIndex }
      rest.removeFirst()
    }
    if let next = rest.first, isDigit(next) { return (rest, isNegative) }
    if rest.first == minus, rest.count > 1, isDigit(rest[rest.startIndex + 1]), !isNegative {
      return (rest.dropFirst(), true)
    }
    // Nothing but zeros: the last one stands for the number, with what follows it.
    return (bytes[lastZero...], isNegative)
  }

  private static func withoutZeroFraction(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else { return bytes }
    let fraction = bytes[(point + 1)...]
    guard !fraction.isEmpty, fraction.allSatisfy({ $0 == zero }) else { return nil }
    return bytes[..<point]
  }

  private static func withoutUnderscores(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let first = bytes.first, isDigit(first), let last = bytes.last, isDigit(last) else {
      return nil
    }
    var digits: [UInt8] = []
    var isAfterUnderscore = false
    for byte in bytes {
      if byte == underscore {
        if isAfterUnderscore { return nil }
        isAfterUnderscore = true
      } else {
        guard isDigit(byte) else { return nil }
        digits.append(byte)
        isAfterUnderscore = false
      }
    }
    return digits[...]
  }

  private static func value(_ digits: ArraySlice<UInt8>, isNegative: Bool) -> Result {
    var value: Int64 = 0
    for byte in digits {
      let digit = Int64(byte - zero)
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = isNegative
        ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
      if overflow || overflow2 { return .outOfRange }
      value = sum
    }
    return .value(value)
  }
}
