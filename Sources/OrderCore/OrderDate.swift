import Bytes
import Foundation

/// The time of an order as the clients of the service know it: `2025-01-31T12:34:56.789012`, UTC.
enum OrderDate {
  static func now() -> String { format(Date().timeIntervalSince1970) }

  static func ago(_ age: Duration) -> String {
    format(Date().timeIntervalSince1970 - age / .seconds(1))
  }

  /// - Parameter unixSeconds: What is before 1970 is taken for its first moment, what is after 9999
  ///   for its last.
  static func format(_ unixSeconds: Double) -> String {
    let microseconds = Int(min(max(0, unixSeconds), 253_402_300_799) * 1_000_000)
    let second = microseconds / 1_000_000
    let date = CivilDate(daysSince1970: second / 86_400)
    var queue = ByteQueue(capacity: 32)
    queue.append(decimal: date.year, digits: 4)
    queue.append(UInt8(ascii: "-"))
    queue.append(decimal: date.month, digits: 2)
    queue.append(UInt8(ascii: "-"))
    queue.append(decimal: date.day, digits: 2)
    queue.append(UInt8(ascii: "T"))
    queue.append(decimal: second / 3600 % 24, digits: 2)
    queue.append(UInt8(ascii: ":"))
    queue.append(decimal: second / 60 % 60, digits: 2)
    queue.append(UInt8(ascii: ":"))
    queue.append(decimal: second % 60, digits: 2)
    queue.append(UInt8(ascii: "."))
    queue.append(decimal: microseconds % 1_000_000, digits: 6)
    return String(decoding: queue.array(), as: UTF8.self)
  }
}
