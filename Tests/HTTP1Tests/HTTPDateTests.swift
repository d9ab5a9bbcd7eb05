import Bytes
import Foundation
import HTTP1
import Testing

@Suite struct HTTPDateTests {
  /// 1 July 2026.
  private static let now: Int64 = 1_782_864_000

  private static func text(_ seconds: Int64) -> String {
    var queue = ByteQueue()
    HTTPDate.append(unixSeconds: seconds, to: &queue)
    return String(decoding: queue.array(), as: UTF8.self)
  }

  private static func parse(_ text: String) -> Int64? {
    HTTPDate.parse(text, nowUnixSeconds: now)
  }

  @Test(arguments: [
    (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
    (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"), (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
    (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
    (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
  ])
  func knownDates(_ seconds: Int64, _ text: String) {
    #expect(Self.text(seconds) == text)
    #expect(Self.parse(text) == seconds)
  }

  @Test func outsideTheFourDigitsTheNearerEndCounts() {
    #expect(Self.text(-1) == Self.text(0))
    #expect(Self.text(.min) == Self.text(0))
    #expect(Self.text(HTTPDate.unixSecondsMax + 1) == Self.text(HTTPDate.unixSecondsMax))
    #expect(Self.text(.max) == Self.text(HTTPDate.unixSecondsMax))
  }

  /// Through some centuries, at changing times of day, against Foundation.
  @Test func datesAreThoseOfTheCalendar() {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    for seconds in stride(from: Int64(0), to: 16_000_000_000, by: 5_555_557) {
      let text = Self.text(seconds)
      #expect(text == formatter.string(from: Date(timeIntervalSince1970: Double(seconds))))
      #expect(Self.parse(text) == seconds)
    }
  }

  @Test(arguments: [
    ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777), ("Sun Nov  6 08:49:37 1994", 784_111_777),
    ("Sun Nov 16 08:49:37 1994", 784_975_777), ("Mon, 06 Nov 1994 08:49:37 GMT", 784_111_777),
    ("Thursday, 01-Jan-70 00:00:00 GMT", 3_155_760_000), ("Wednesday, 01-Jul-26 00:00:00 GMT", now),
    ("Friday, 31-Dec-76 23:59:59 GMT", 3_376_684_799), ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
    ("Tuesday, 02-Jan-01 00:00:00 GMT", 978_393_600), ("Saturday, 03-Jan-01 00:00:00 GMT", 978_480_000),
  ])
  func otherForms(_ text: String, _ seconds: Int64) {
    #expect(Self.parse(text) == seconds)
  }

  /// Two digits mean the latest year that is at most 50 years ahead.
  @Test func twoDigitsOfAYear() {
    let ahead = "Friday, 01-Jan-76 00:00:00 GMT"
    let beyond = "Saturday, 01-Jan-77 00:00:00 GMT"
    #expect(Self.parse(ahead) == Self.parse("Wed, 01 Jan 2076 00:00:00 GMT"))
    #expect(Self.parse(beyond) == Self.parse("Sat, 01 Jan 1977 00:00:00 GMT"))
    let later = Self.now + 365 * 86_400
    #expect(
      HTTPDate.parse(beyond, nowUnixSeconds: later) == Self.parse("Fri, 01 Jan 2077 00:00:00 GMT"))
    // A clock that is wrong beyond all measure stops nothing.
    let longAgo = Self.parse("Thu, 01 Jan 1976 00:00:00 GMT")
    #expect(HTTPDate.parse(ahead, nowUnixSeconds: .min) == longAgo && longAgo != nil)
    #expect(HTTPDate.parse(ahead, nowUnixSeconds: .max) != nil)
  }

  @Test(arguments: [
    "", "Sun", "Sun, ", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 06 Nov 1994 08:49:37 GMT ", " Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT", "Xyz, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
    "Sunday Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, 31 Nov 1994 08:49:37 GMT", "Tue, 29 Feb 2100 00:00:00 GMT", "Fri, 29 Feb 2001 00:00:00 GMT",
    "Wed, 31 Dec 1969 23:59:59 GMT", "Sun, 06 Nov 1994  08:49:37 GMT", "Sun,06 Nov 1994 08:49:37 GMT",
    "Sun Nov 6 08:49:37 1994", "Sun Nov 06 08:49:37 94", "Sun Nov  6 08:49:37 1994 GMT",
    "Sun, 06 Nov +994 08:49:37 GMT", "784111777", "Sun, 06 Nov 1994 08.49.37 GMT",
    "Sund, 06-Nov-94 08:49:37 GMT", "Sun, 06 No",
  ])
  func notADate(_ text: String) {
    #expect(Self.parse(text) == nil)
  }
}
