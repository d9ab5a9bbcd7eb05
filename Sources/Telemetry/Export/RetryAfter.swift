import Bytes

/// The `Retry-After` field (RFC 9110 §10.2.3): seconds, or a date in any of the three forms that a
/// recipient has to accept (§5.6.7).
package enum RetryAfter {
  /// - Parameters:
  ///   - text: The field value.
  ///   - unixSeconds: The present, to which a date is compared.
  /// - Returns: How long to wait; zero for a date that has passed; nil for anything else.
  package static func parse(_ text: String, unixSeconds: Int) -> Duration? {
    let bytes = Array(text.utf8)
    if !bytes.isEmpty, bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
      // Longer numbers are centuries away.
      return .seconds(bytes.count <= 9 ? number(bytes[...]) ?? 0 : 999_999_999)
    }
    guard let date = parseDate(text, unixSeconds: unixSeconds) else { return nil }
    return .seconds(max(0, date - unixSeconds))
  }

  /// The Unix time of an HTTP date.
  private static func parseDate(_ text: String, unixSeconds: Int) -> Int? {
    let words = text.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x2C || $0 == 0x2D })
      .map { Array($0)[...] }
    // The day's name carries no information.
    switch words.count {
    case 6 where text.utf8.last == UInt8(ascii: "T"):
      // Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT
      guard String(decoding: words[5], as: UTF8.self) == "GMT", var year = number(words[3])
      else { return nil }
      if words[3].count == 2 { year = fullYear(year, unixSeconds: unixSeconds) }
      return unixTime(year: year, month: words[2], day: words[1], time: words[4])
    case 5:
      // Sun Nov  6 08:49:37 1994
      guard let year = number(words[4]), words[4].count == 4 else { return nil }
      return unixTime(year: year, month: words[1], day: words[2], time: words[3])
    default: return nil
    }
  }

  /// Of the years that end with two digits, the one within 50 years; one that would be more than 50
  /// years ahead is in the past.
  private static func fullYear(_ year: Int, unixSeconds: Int) -> Int {
    let present = 1970 + unixSeconds / 31_556_952
    let candidate = present - present % 100 + year
    if candidate > present + 50 { return candidate - 100 }
    return candidate < present - 49 ? candidate + 100 : candidate
  }

  private static func unixTime(
    year: Int, month: ArraySlice<UInt8>, day: ArraySlice<UInt8>, time: ArraySlice<UInt8>
  ) -> Int? {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let clock = time.split(separator: UInt8(ascii: ":")).map { number($0) }
    guard let monthIndex = months.firstIndex(of: String(decoding: month, as: UTF8.self)),
      let day = number(day), (1...31).contains(day), clock.count == 3,
      let hour = clock[0], let minute = clock[1], let second = clock[2],
      hour < 24, minute < 60, second <= 60, (1900...9999).contains(year)
    else { return nil }
    // Whatever was before 1970 has passed.
    guard year >= 1970 else { return 0 }
    let days = CivilDate(year: year, month: monthIndex + 1, day: day).daysSince1970
    return days * 86_400 + hour * 3_600 + minute * 60 + second
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 9 else { return nil }
    var value = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int(digit - 0x30)
    }
    return value
  }
}
