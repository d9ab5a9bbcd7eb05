import Bytes

extension HTTPDate {
  /// Reads a date in one of the three forms that a recipient must accept.
  /// - Parameter nowUnixSeconds: The present time. A date of RFC 850 has two digits of a year: they
  ///   mean the latest year that is not more than 50 years ahead of it.
  /// - Returns: Unix seconds, from 1970 to 9999; nil for anything else, also for a date or a time
  ///   of day that does not exist. Whether the weekday fits is not checked.
  package static func parse(_ text: String, nowUnixSeconds: Int64) -> Int64? {
    var reader = DateReader(Array(text.utf8))
    guard let weekday = reader.weekday() else { return nil }
    if reader.skip(" ") { return weekday == .short ? asctime(&reader) : nil }
    guard reader.skip(", ") else { return nil }
    return weekday == .short ? fixdate(&reader) : rfc850(&reader, nowUnixSeconds)
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, behind the weekday.
  private static func fixdate(_ reader: inout DateReader) -> Int64? {
    guard let day = reader.digits(2), reader.skip(" "), let month = reader.month(),
      reader.skip(" "), let year = reader.digits(4), reader.skip(" "), let time = reader.time(),
      reader.skip(" GMT"), reader.isAtEnd
    else { return nil }
    return unixSeconds(year, month, day, time)
  }

  /// `Sunday, 06-Nov-94 08:49:37 GMT`, behind the weekday.
  private static func rfc850(_ reader: inout DateReader, _ nowUnixSeconds: Int64) -> Int64? {
    guard let day = reader.digits(2), reader.skip("-"), let month = reader.month(),
      reader.skip("-"), let shortYear = reader.digits(2), reader.skip(" "),
      let time = reader.time(), reader.skip(" GMT"), reader.isAtEnd
    else { return nil }
    let now = min(max(nowUnixSeconds, 0), unixSecondsMax)
    let latest = CivilDate(daysSince1970: Int(now / 86_400)).year + 50
    let year = latest - (latest - shortYear) % 100
    return unixSeconds(year, month, day, time)
  }

  /// `Sun Nov  6 08:49:37 1994`, behind the weekday.
  private static func asctime(_ reader: inout DateReader) -> Int64? {
    guard let month = reader.month(), reader.skip(" ") else { return nil }
    let day = reader.skip(" ") ? reader.digits(1) : reader.digits(2)
    guard let day, reader.skip(" "), let time = reader.time(), reader.skip(" "),
      let year = reader.digits(4), reader.isAtEnd
    else { return nil }
    return unixSeconds(year, month, day, time)
  }

  private static func unixSeconds(
    _ year: Int, _ month: Int, _ day: Int, _ secondOfDay: Int
  ) -> Int64? {
    guard year >= 1970, day >= 1 else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    // A day that its month does not have comes back as one of the next.
    guard CivilDate(daysSince1970: date.daysSince1970) == date else { return nil }
    return Int64(date.daysSince1970) * 86_400 + Int64(secondOfDay)
  }
}
