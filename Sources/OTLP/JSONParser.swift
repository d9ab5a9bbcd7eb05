/// Reads JSON texts (RFC 8259) of any origin.
struct JSONParser {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// The one value that the text consists of.
  mutating func document() -> JSONNode? {
    guard let node = value(depth: 0) else { return nil }
    skipBlanks()
    return rest.isEmpty ? node : nil
  }

  private mutating func value(depth: Int) -> JSONNode? {
    skipBlanks()
    switch rest.first {
    case UInt8(ascii: "{"): return depth < JSONNode.depthMax ? object(depth: depth + 1) : nil
    case UInt8(ascii: "["): return depth < JSONNode.depthMax ? array(depth: depth + 1) : nil
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> JSONNode? {
    var members: [String: JSONNode] = [:]
    rest.removeFirst()
    skipBlanks()
    if take("}") { return .object([:]) }
    while true {
      skipBlanks()
      guard rest.first == UInt8(ascii: "\""), let name = string() else { return nil }
      skipBlanks()
      guard take(":"), let value = value(depth: depth) else { return nil }
      members[name] = value
      skipBlanks()
      if take("}") { return .object(members) }
      guard take(",") else { return nil }
    }
  }

  private mutating func array(depth: Int) -> JSONNode? {
    var elements: [JSONNode] = []
    rest.removeFirst()
    skipBlanks()
    if take("]") { return .array([]) }
    while true {
      guard let value = value(depth: depth) else { return nil }
      elements.append(value)
      skipBlanks()
      if take("]") { return .array(elements) }
      guard take(",") else { return nil }
    }
  }

  private mutating func string() -> String? {
    rest.removeFirst()
    var scalars = String.UnicodeScalarView()
    var run: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        scalars.append(contentsOf: String(decoding: run, as: UTF8.self).unicodeScalars)
        return String(scalars)
      case UInt8(ascii: "\\"):
        scalars.append(contentsOf: String(decoding: run, as: UTF8.self).unicodeScalars)
        run = []
        guard let scalar = escape() else { return nil }
        scalars.append(scalar)
      case 0..<0x20: return nil
      default: run.append(byte)
      }
    }
    return nil
  }

  /// What a `\` introduces. Half of a surrogate pair becomes U+FFFD.
  private mutating func escape() -> Unicode.Scalar? {
    switch rest.popFirst() {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let high = hexadecimal() else { return nil }
      guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
      let behind = rest
      if take("\\u"), let low = hexadecimal(), (0xDC00..<0xE000).contains(low) {
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
      }
      rest = behind
      return "\u{FFFD}"
    default: return nil
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    guard rest.count >= 4 else { return nil }
    var number: UInt32 = 0
    for byte in rest.prefix(4) {
      switch byte {
      case 0x30...0x39: number = number << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: number = number << 4 | UInt32(byte - 0x41 + 10)
      case 0x61...0x66: number = number << 4 | UInt32(byte - 0x61 + 10)
      default: return nil
      }
    }
    rest = rest.dropFirst(4)
    return number
  }

  private mutating func number() -> JSONNode? {
    let start = rest
    _ = take("-")
    if !take("0") { guard digits() else { return nil } }
    if take(".") { guard digits() else { return nil } }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      guard digits() else { return nil }
    }
    return .number(String(decoding: start[..<rest.startIndex], as: UTF8.self))
  }

  /// At least one.
  private mutating func digits() -> Bool {
    let count = rest.count
    rest = rest.drop { (0x30...0x39).contains($0) }
    return rest.count < count
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == 0x20 || (0x09...0x0A).contains($0) || $0 == 0x0D }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard rest.starts(with: expected) else { return false }
    rest = rest.dropFirst(expected.count)
    return true
  }
}
