/// Reads XML texts of any origin as far as an S3 server's answers need it (XML 1.0): elements,
/// text, references. Comments, processing instructions and CDATA are understood; a document type,
/// which could define entities without end, is refused.
struct XMLReader {
  enum Event: Hashable {
    case start(String)
    case end(String)
    case text(String)
  }

  /// What is not such XML.
  struct Malformed: Error {}

  /// How deep elements may be nested.
  static let depthMax = 32

  private var rest: ArraySlice<UInt8>
  private var open: [String] = []
  /// The end of an element that was written as empty.
  private var pendingEnd: String?
  private var hasRoot = false

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// The next event; nil at the end of the document.
  mutating func next() throws(Malformed) -> Event? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name)
    }
    while let first = rest.first {
      if first != UInt8(ascii: "<") {
        if let text = try text() { return .text(text) }
      } else if take("<?") {
        try skip(through: "?>")
      } else if take("<!--") {
        try skip(through: "-->")
      } else if take("<![CDATA[") {
        guard !open.isEmpty else { throw Malformed() }
        let text = try skip(through: "]]>")
        if !text.isEmpty { return .text(String(decoding: text, as: UTF8.self)) }
      } else if take("</") {
        return try end()
      } else if take("<!") {
        throw Malformed()
      } else {
        return try start()
      }
    }
    guard open.isEmpty, hasRoot else { throw Malformed() }
    return nil
  }

  private mutating func start() throws(Malformed) -> Event {
    rest = rest.dropFirst()
    guard open.count < Self.depthMax, !(open.isEmpty && hasRoot) else { throw Malformed() }
    let name = try name()
    // Attributes tell nothing that is asked for; their values may hold `>`.
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard let end = rest.firstIndex(of: byte) else { throw Malformed() }
        rest = rest[(end + 1)...]
      case UInt8(ascii: "/"):
        guard take(">") else { throw Malformed() }
        pendingEnd = name
        hasRoot = true
        return .start(name)
      case UInt8(ascii: ">"):
        open.append(name)
        hasRoot = true
        return .start(name)
      case UInt8(ascii: "<"): throw Malformed()
      default: break
      }
    }
    throw Malformed()
  }

  private mutating func end() throws(Malformed) -> Event {
    let name = try name()
    skipBlanks()
    guard take(">"), open.popLast() == name else { throw Malformed() }
    return .end(name)
  }

  private mutating func name() throws(Malformed) -> String {
    let bytes = rest.prefix {
      !Self.isBlank($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
        && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"")
        && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "&")
    }
    guard !bytes.isEmpty else { throw Malformed() }
    rest = rest[bytes.endIndex...]
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The text before the next tag; nil for blanks outside of the root element.
  private mutating func text() throws(Malformed) -> String? {
    let raw = rest.prefix { $0 != UInt8(ascii: "<") }
    rest = rest[raw.endIndex...]
    guard !open.isEmpty else {
      // A byte order mark may stand at the very front (XML 1.0 §4.3.3).
      let isBlank = raw.allSatisfy(Self.isBlank)
      guard isBlank || !hasRoot && raw.elementsEqual([0xEF, 0xBB, 0xBF]) else {
        throw Malformed()
      }
      return nil
    }
    guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
    var text = ""
    var left = raw
    while let ampersand = left.firstIndex(of: UInt8(ascii: "&")) {
      text += String(decoding: left[..<ampersand], as: UTF8.self)
      guard let end = left[ampersand...].firstIndex(of: UInt8(ascii: ";")),
        let scalar = Self.reference(left[(ampersand + 1)..<end])
      else { throw Malformed() }
      text.unicodeScalars.append(scalar)
      left = left[(end + 1)...]
    }
    return text + String(decoding: left, as: UTF8.self)
  }

  /// What `&name;` stands for (XML 1.0 §4.1, §4.6).
  private static func reference(_ name: ArraySlice<UInt8>) -> Unicode.Scalar? {
    switch String(decoding: name, as: UTF8.self) {
    case "amp": "&"
    case "lt": "<"
    case "gt": ">"
    case "quot": "\""
    case "apos": "'"
    case let text where text.hasPrefix("#x"): UInt32(text.dropFirst(2), radix: 16).flatMap(scalar)
    case let text where text.hasPrefix("#"): UInt32(text.dropFirst()).flatMap(scalar)
    default: nil
    }
  }

  private static func scalar(_ number: UInt32) -> Unicode.Scalar? {
    number > 0 ? Unicode.Scalar(number) : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private mutating func skipBlanks() { rest = rest.drop(while: Self.isBlank) }

  private mutating func take(_ text: StaticString) -> Bool {
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard rest.starts(with: expected) else { return false }
    rest = rest.dropFirst(expected.count)
    return true
  }

  /// What stands before `text`, which is taken as well.
  @discardableResult
  private mutating func skip(through text: StaticString) throws(Malformed) -> ArraySlice<UInt8> {
    let start = rest
    while !rest.isEmpty {
      let end = rest.startIndex
      if take(text) { return start[..<end] }
      rest = rest.dropFirst()
    }
    throw Malformed()
  }
}
