/// Takes the parts of a date from the front of its bytes.
struct DateReader {
  enum Weekday { case short, long }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  /// Skips `text` when it is next.
  mutating func skip(_ text: StaticString) -> Bool {
    let end = position + text.utf8CodeUnitCount
    guard end <= bytes.count, bytes.span.extracting(position..<end).equals(text) else {
      return false
    }
    position = end
    return true
  }

  /// A number of exactly `count` digits.
  mutating func digits(_ count: Int) -> Int? {
    guard bytes.count - position >= count else { return nil }
    var value = 0
    for _ in 0..<count {
      guard Grammar.isDigit(bytes[position]) else { return nil }
      value = value * 10 + Int(bytes[position] - 0x30)
      position += 1
    }
    return value
  }

  /// The name of a weekday, in short (`Sun`) or whole (`Sunday`); case-sensitive like all of a date.
  mutating func weekday() -> Weekday? {
    let names: [(StaticString, StaticString)] = [
      ("Mon", "day"), ("Tue", "sday"), ("Wed", "nesday"), ("Thu", "rsday"), ("Fri", "day"),
      ("Sat", "urday"), ("Sun", "day"),
    ]
    for (short, rest) in names where skip(short) { return skip(rest) ? .long : .short }
    return nil
  }

  /// The number, from 1, of a month by its first three letters.
  mutating func month() -> Int? {
    guard bytes.count - position >= 3 else { return nil }
    let names = HTTPDate.months.utf8Start
    for month in 0..<12 {
      let isMatch = (0..<3).allSatisfy { bytes[position + $0] == names[month * 3 + $0] }
      if isMatch {
        position += 3
        return month + 1
      }
    }
    return nil
  }

  /// The second of the day of `08:49:37`. A leap second (60) is that of the next minute.
  mutating func time() -> Int? {
    guard let hour = digits(2), skip(":"), let minute = digits(2), skip(":"),
      let second = digits(2), hour < 24, minute < 60, second <= 60
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }
}
