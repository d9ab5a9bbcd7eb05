@testable import HTTP1
import Testing

/// The bit sets and the comparisons eight bytes at a time, against the plain definitions.
@Suite struct GrammarTests {
  private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
  private static let digits = Array("0123456789".utf8)

  @Test(arguments: UInt8.min...UInt8.max)
  func byteClasses(_ byte: UInt8) {
    let alphanumeric = Self.letters + Self.digits
    #expect(Grammar.isToken(byte) == (alphanumeric + Array("!#$%&'*+-.^_`|~".utf8)).contains(byte))
    #expect(
      Grammar.isRegisteredName(byte)
        == (alphanumeric + Array("-._~!$&'()*+;=".utf8)).contains(byte))
    #expect(Grammar.isFieldValue(byte) == (byte == 9 || byte >= 0x20 && byte != 0x7F))
    #expect(Grammar.isVisible(byte) == (0x21...0x7E).contains(byte))
    #expect(Grammar.isBlank(byte) == [9, 0x20].contains(byte))
    #expect(Grammar.isDigit(byte) == Self.digits.contains(byte))
    let character = Character(UnicodeScalar(byte))
    let isASCII = byte < 128
    #expect(Grammar.hexValue(byte).map(Int.init) == (isASCII ? character.hexDigitValue : nil))
    let lower = isASCII ? character.lowercased().utf8.first : byte
    #expect(Grammar.lowercased(byte) == lower)
  }

  /// One odd byte at every place among `count` good ones.
  @Test(arguments: 0...20)
  func searches(_ count: Int) {
    func isValue(_ bytes: [UInt8]) -> Bool { ByteSearch.isFieldValue(bytes.span) }
    func lineFeed(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
      ByteSearch.firstLineFeed(bytes.span, in: range)
    }
    let plain = [UInt8](repeating: UInt8(ascii: "a"), count: count)
    #expect(lineFeed(plain, 0..<count) == nil && isValue(plain))
    for place in 0..<count {
      for byte in UInt8.min...UInt8.max {
        var bytes = plain
        bytes[place] = byte
        #expect(isValue(bytes) == Grammar.isFieldValue(byte))
        #expect(lineFeed(bytes, 0..<count) == (byte == 0x0A ? place : nil))
      }
      var bytes = plain
      bytes[place] = 0x0A
      #expect(lineFeed(bytes, place..<count) == place)
      #expect(lineFeed(bytes, (place + 1)..<count) == nil && lineFeed(bytes, 0..<place) == nil)
      // The first of several, whatever stands between.
      for other in bytes[(place + 1)...].indices {
        bytes[other] = other.isMultiple(of: 2) ? 0x0A : 0x8A
      }
      #expect(lineFeed(bytes, 0..<count) == place)
    }
  }

  @Test(arguments: [
    ("", []), (",", []), (" , \t,", []), ("a", ["a"]), ("a,b", ["a", "b"]), (" a ,\tb\t", ["a", "b"]),
    ("a,,b,", ["a", "b"]), ("a b", ["a b"]), (",a", ["a"]), ("\"a,b\"", ["\"a", "b\""]),
  ] as [(String, [String])])
  func lists(_ value: String, _ expected: [String]) {
    var elements: [String] = []
    TokenList.forEachElement(of: Array(value.utf8).span) { elements.append($0.text) }
    #expect(elements == expected)
  }

  @Test(arguments: [
    ("h:1", true), ("[::1]:65535", true), ("h:65536", false), ("h:0", false), ("h:", false),
    ("h", false), ("[::1]", false), (":1", false), ("", false), ("h:1x", false), ("%41:1", true),
  ])
  func authorityWithItsPort(_ text: String, _ expected: Bool) {
    #expect(Authority.isValid(Array(text.utf8).span, isPortRequired: true) == expected)
  }

  @Test func comparisons() {
    func span(_ text: String, _ body: (Span<UInt8>) -> Bool) -> Bool { body(Array(text.utf8).span) }
    #expect(span("Chunked") { $0.matches("chunked") } && span("Chunked") { $0.matches("chunked" as String) })
    #expect(!span("chunke") { $0.matches("chunked") } && !span("chunkedx") { $0.matches("chunked") })
    #expect(!span("chunkex") { $0.matches("chunked" as String) } && !span("c") { $0.matches("" as String) })
    // Only letters have a case: `@` is not a backtick, `[` is no brace.
    #expect(!span("@") { $0.matches("`") } && !span("[") { $0.matches("{") })
    #expect(span("HTTP/") { $0.equals("HTTP/") } && !span("http/") { $0.equals("HTTP/") })
    #expect(span("HTTP://x") { $0.hasPrefix("http://") } && !span("http:/") { $0.hasPrefix("http://") })
  }
}
