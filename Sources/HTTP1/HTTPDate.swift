package import Bytes

/// Dates of HTTP (RFC 9110 §5.6.7), by arithmetic on the proleptic Gregorian calendar.
package enum HTTPDate {
  private static let weekdays: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Appends an IMF-fixdate, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
  /// - Parameter unixSeconds: From 1970 on, up to the year 9999.
  package static func append(unixSeconds: Int64, to queue: inout ByteQueue) {
    let days = Int(unixSeconds / 86_400)
    let second = Int(unixSeconds % 86_400)
    let date = CivilDate(daysSince1970: days)
    queue.append(weekdays[days % 7])
    queue.append(", " as StaticString)
    queue.append(decimal: date.day, digits: 2)
    queue.append(UInt8(ascii: " "))
    queue.append(months[date.month - 1])
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

  /// Reads an IMF-fixdate, or one of the two obsolete forms, which recipients must accept.
  /// - Returns: Unix seconds; nil for anything else.
  package static func parse(_ text: String) -> Int64? {
    let parts = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" }).map(String.init)
    switch parts.count {
    case 6 where parts[5] == "GMT":
      // `Sun, 06 Nov 1994 08:49:37 GMT` and `Sunday, 06-Nov-94 08:49:37 GMT`.
      guard let year = Int(parts[3]) else { return nil }
      // Two digits mean the century that is not more than 50 years ahead; 70 divides it here.
      let fullYear = parts[3].count == 2 ? year + (year < 70 ? 2000 : 1900) : year
      return seconds(day: parts[1], month: parts[2], year: fullYear, time: parts[4])
    case 5:
      // `Sun Nov  6 08:49:37 1994`.
      guard let year = Int(parts[4]) else { return nil }
      return seconds(day: parts[2], month: parts[1], year: year, time: parts[3])
    default: return nil
    }
  }

  private static func seconds(day: String, month: String, year: Int, time: String) -> Int64? {
    let clock = time.split(separator: ":").map { $0.count == 2 ? Int($0) : nil }
    guard let day = Int(day), let month = months.firstIndex(of: month), clock.count == 3,
      let hour = clock[0], let minute = clock[1], let second = clock[2],
      (1...31).contains(day), (1970...9999).contains(year), (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    let date = CivilDate(year: year, month: month + 1, day: day)
    return Int64(date.daysSince1970) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
  }
}
