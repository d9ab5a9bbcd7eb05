package import Bytes

/// Dates of HTTP (RFC 9110 §5.6.7), by arithmetic on the proleptic Gregorian calendar.
package enum HTTPDate {
  /// The last second that four digits of a year can tell: 9999-12-31T23:59:59Z.
  package static let unixSecondsMax: Int64 = 253_402_300_799

  /// Appends an IMF-fixdate, 29 bytes such as `Sun, 06 Nov 1994 08:49:37 GMT`.
  /// - Parameter unixSeconds: 0 to `unixSecondsMax`; what is outside counts as the nearer end.
  package static func append(unixSeconds: Int64, to queue: inout ByteQueue) {
    let seconds = Int(min(max(unixSeconds, 0), unixSecondsMax))
    let days = seconds / 86_400
    let second = seconds % 86_400
    let date = CivilDate(daysSince1970: days)
    appendName(weekdays, days % 7, to: &queue)
    queue.append(", " as StaticString)
    queue.append(decimal: date.day, digits: 2)
    queue.append(UInt8(ascii: " "))
    appendName(months, date.month - 1, to: &queue)
    queue.append(UInt8(ascii: " "))
    queue.append(decimal: date.year, digits: 4)
    queue.append(UInt8(ascii: " "))
    queue.append(decimal: second / 3600, digits: 2)
    queue.append(UInt8(ascii: ":"))
    queue.append(decimal: second / 60 % 60, digits: 2)
    queue.append(UInt8(ascii: ":"))
    queue.append(decimal: second % 60, digits: 2)
    queue.append(" GMT" as StaticString)
  }

  /// Three letters each; 1 January 1970 was a Thursday.
  private static var weekdays: StaticString { "ThuFriSatSunMonTueWed" }
  static var months: StaticString { "JanFebMarAprMayJunJulAugSepOctNovDec" }

  private static func appendName(
    _ names: StaticString, _ index: Int, to queue: inout ByteQueue
  ) {
    for offset in 0..<3 { queue.append(names.utf8Start[index * 3 + offset]) }
  }
}
