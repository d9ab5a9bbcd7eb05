import Testing
import Validation

@Suite struct LenientIntegerTests {
  @Test(arguments: [
    ("4", 4), (" 4 ", 4), ("\t4\n", 4), ("\u{A0}4\u{2003}", 4), ("\u{85}4", 4), ("+4", 4),
    ("-4", -4), ("-0", 0), ("004", 4), ("0", 0), ("4.0", 4), ("4.00", 4), ("+4.0", 4),
    ("1_000", 1000), ("1_0.0", 10), ("0_4", 4), ("0__5", 5), ("0-5", -5),
    ("9223372036854775807", .max), ("-9223372036854775808", .min),
  ] as [(String, Int64)])
  func accepts(_ text: String, _ value: Int64) {
    #expect(LenientInteger.parse(text) == .value(value))
  }

  @Test(arguments: [
    "", " ", "4.", ".0", "4.5", "4e0", "0x4", "0b1", "0o7", "1__000", "_1", "1_", "4.0_0", "1,000",
    "NaN", "inf", "true", "null", "4a", "+-4", "--4", "+ 4", "- 4", "٤", "４", "\u{200B}4",
    "\u{FEFF}4", "4\0", "4\u{1F}", "0_", "-", "+",
  ])
  func refuses(_ text: String) {
    #expect(LenientInteger.parse(text) == .invalid)
  }

  @Test(arguments: ["9223372036854775808", "-9223372036854775809", "99999999999999999999999"])
  func tellsBeyond64Bits(_ text: String) {
    #expect(LenientInteger.parse(text) == .outOfRange)
  }

  @Test func boundsDigits() {
    #expect(LenientInteger.parse(String(repeating: "9", count: 4300)) == .outOfRange)
    #expect(LenientInteger.parse(String(repeating: "9", count: 4301)) == .tooLong)
  }
}
