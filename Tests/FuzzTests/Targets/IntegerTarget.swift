import Validation

/// Integers in parameters: the number that the text writes, or a refusal.
enum IntegerTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let text = bytes.text
    let result = LenientInteger.parse(text)
    try requireEqual(LenientInteger.parse(" \t\n\(text)\u{3000}\r "), result, "within white space")
    try requireEqual(LenientInteger.parse(text + "x"), .invalid, "with a letter behind")
    if !bytes.isEmpty, bytes.isOnly(ByteSet.digits), bytes.count <= 4_300 {
      let expected = Int64(text).map { LenientInteger.Result.value($0) } ?? .outOfRange
      try requireEqual(result, expected, "digits")
    }
    if case .value(let value) = result { try check(text, value) }
    var number: Int64 = 0
    for byte in bytes.prefix(8) { number = number << 8 | Int64(byte) }
    try requireEqual(LenientInteger.parse("\(number)"), .value(number), "as Swift writes it")
    try requireEqual(LenientInteger.parse("\(number).00"), .value(number), "with a fraction")
  }

  private static func check(_ text: String, _ value: Int64) throws(BrokenInvariant) {
    let digits = text.filter { $0.isASCII && $0.isNumber }
    try require(!digits.isEmpty, "\(value) out of nothing")
    let integer = text.prefix { $0 != "." }.filter { $0.isASCII && $0.isNumber }
    try requireEqual(UInt64(integer), value.magnitude, "magnitude")
    try requireEqual(value < 0, value != 0 && text.contains("-"), "sign")
    let plain = text.filter { $0 != "_" }
    try requireEqual(LenientInteger.parse(plain), .value(value), "without underscores")
  }
}
