import Testing

@testable import Telemetry

@Suite("Retry-After")
struct RetryAfterTests {
  /// Sun, 06 Nov 1994 08:49:37 GMT
  private static let moment = 784_111_777

  @Test(
    "seconds, and the three forms of a date",
    arguments: [
      ("0", 0), ("1", 1), ("120", 120), ("999999999", 999_999_999),
      ("1000000000", 999_999_999), ("99999999999999999999", 999_999_999),
      ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("Sun, 06 Nov 1994 08:49:47 GMT", 10),
      ("Mon, 07 Nov 1994 08:49:37 GMT", 86_400), ("Sun, 06 Nov 1994 08:49:36 GMT", 0),
      ("Sunday, 06-Nov-94 08:50:37 GMT", 60), ("Sun Nov  6 08:49:38 1994", 1),
      ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      // Two digits of a year: at most 50 years ahead, else past.
      ("Friday, 06-Nov-43 08:49:37 GMT", 1_546_300_800), ("Monday, 07-Nov-93 08:49:37 GMT", 0),
    ])
  func valid(text: String, seconds: Int) {
    #expect(RetryAfter.parse(text, unixSeconds: Self.moment) == .seconds(seconds))
  }

  @Test(
    "anything else",
    arguments: [
      "", " ", "-1", "+5", "1.5", "5s", "5 ", "soon", "Sun, 06 Nov 1994 08:49:37 CET",
      "Sun, 06 Nov 1994 08:49:37", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
      "Thu, 06 Nov 1969 08:49:37 GMT", "Monday, 07-Nov-50 08:49:37 GMT",
      "Mon, 31 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
      "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1899 08:49:37 GMT",
    ])
  func invalid(text: String) {
    #expect(RetryAfter.parse(text, unixSeconds: Self.moment) == nil)
  }
}
