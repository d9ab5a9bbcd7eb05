package import Bytes

/// Writes RFC 3339 timestamps in UTC. Seconds change rarely, so their text is kept.
package struct TimestampText: Sendable {
  private var second = UInt64.max
  /// `2026-11-24T00:22:43`
  private var text: [UInt8] = []

  package init() {}

  /// Appends `2026-11-24T00:22:43.123456Z`.
  package mutating func append(_ unixNanoseconds: UInt64, to bytes: inout ByteQueue) {
    update(unixNanoseconds)
    bytes.append(text)
    bytes.append(UInt8(ascii: "."))
    bytes.append(decimal: Int(unixNanoseconds % 1_000_000_000 / 1_000), digits: 6)
    bytes.append(UInt8(ascii: "Z"))
  }

  /// Appends `00:22:43.123`.
  package mutating func append(
    timeOfDay unixNanoseconds: UInt64, to bytes: inout ByteQueue
  ) {
    update(unixNanoseconds)
    bytes.append(text.suffix(8))
    bytes.append(UInt8(ascii: "."))
    bytes.append(decimal: Int(unixNanoseconds % 1_000_000_000 / 1_000_000), digits: 3)
  }

  private mutating func update(_ unixNanoseconds: UInt64) {
    let now = unixNanoseconds / 1_000_000_000
    guard now != second else { return }
    second = now
    let date = CivilDate(daysSince1970: Int(now / 86_400))
    let time = Int(now % 86_400)
    var bytes = ByteQueue(capacity: 32)
    bytes.append(decimal: date.year, digits: 4)
    bytes.append(UInt8(ascii: "-"))
    bytes.append(decimal: date.month, digits: 2)
    bytes.append(UInt8(ascii: "-"))
    bytes.append(decimal: date.day, digits: 2)
    bytes.append(UInt8(ascii: "T"))
    bytes.append(decimal: time / 3_600, digits: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: time / 60 % 60, digits: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: time % 60, digits: 2)
    text = bytes.array()
  }
}
