import HTTP1
import Testing

@Suite struct PercentEncodingTests {
  @Test(arguments: [
    ("", "", true), ("abc", "abc", true), ("%41", "A", true), ("%4a%4A", "JJ", true),
    ("a%20b", "a b", true), ("%", "%", false), ("%4", "%4", false), ("%4%41", "%4A", false),
    ("%g0", "%g0", false), ("%0g", "%0g", false), ("%%41", "%A", false), ("%25", "%", true),
    ("%2541", "%41", true), ("+", "+", true), ("%c3%bc", "ü", true), ("%c3", "\u{FFFD}", true),
    ("ü", "ü", true), ("%00", "\u{0}", true), ("%+1", "%+1", false), ("a%", "a%", false),
    ("a%4", "a%4", false), ("%\u{663}1", "%\u{663}1", false),
  ])
  func decoding(_ text: String, _ expected: String, _ isWellFormed: Bool) {
    #expect(PercentEncoding.decodeLeniently(text) == expected)
    let decoded = PercentEncoding.decode(Array(text.utf8).span)
    #expect(decoded.text == expected)
    #expect(decoded.isWellFormed == isWellFormed)
  }

  @Test func plusIsASpaceOnlyWhereItIsSaid() {
    let bytes = Array("a+b%2B".utf8)
    #expect(PercentEncoding.decode(bytes.span).text == "a+b+")
    #expect(PercentEncoding.decode(bytes.span, plusIsSpace: true).text == "a b+")
  }

  @Test func everyByteComesBack() {
    let digits = Array("0123456789abcdef".utf8)
    let encoded = (0..<256).flatMap { [UInt8(ascii: "%"), digits[$0 >> 4], digits[$0 & 15]] }
    let decoded = PercentEncoding.decode(encoded.span)
    #expect(decoded.bytes == (0..<256).map { UInt8($0) } && decoded.isWellFormed)
  }
}
