import HTTP1
import Testing

@testable import Telemetry

@Suite("Percent-encoding")
struct PercentEncodingTests {
  @Test(
    "strict and lenient decoding",
    arguments: [
      ("", "", ""), ("a+b", "a+b", "a+b"), ("a%20b", "a b", "a b"), ("%c3%A9", "\u{e9}", "\u{e9}"),
      ("%2525", "%25", "%25"), ("%00", "\0", "\0"), ("%7e%7E", "~~", "~~"),
      ("%", nil, "%"), ("%4", nil, "%4"), ("a%zz", nil, "a%zz"), ("%4g", nil, "%4g"),
      ("%g4", nil, "%g4"), ("%+5", nil, "%+5"), ("%%41", nil, "%A"),
      ("%c3", nil, "\u{fffd}"), ("%c3%28", nil, "\u{fffd}("),
    ] as [(String, String?, String)])
  func decoding(text: String, strict: String?, lenient: String) {
    #expect(text[...].percentDecoded == strict)
    #expect(PercentEncoding.decodeLeniently(text) == lenient)
  }

  @Test("encoding: every byte that does not stand for itself, with upper-case digits")
  func encoding() {
    func encoded(_ text: String) -> String {
      text[...].percentEncoded { (0x61...0x7A).contains($0) }
    }
    #expect(encoded("abc") == "abc")
    #expect(encoded("a b\u{e9}\0") == "a%20b%C3%A9%00")
  }

  @Test(
    "blanks and tabs around are trimmed",
    arguments: [("", ""), (" \t", ""), (" a ", "a"), ("\ta b\t", "a b"), ("\na", "\na")])
  func trimming(text: String, trimmed: String) {
    #expect(text[...].trimmed == trimmed)
  }
}
