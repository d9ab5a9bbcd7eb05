import Bytes
import HTTP1
import Telemetry

/// Dates of HTTP, and `Retry-After`, which may be one.
enum HTTPDateTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    var number: UInt64 = 0
    for byte in bytes.prefix(8) { number = number << 8 | UInt64(byte) }
    let seconds = Int64(number % UInt64(HTTPDate.unixSecondsMax + 1))
    try requireEqual(HTTPDate.parse(format(seconds), nowUnixSeconds: 0), seconds, "read again")
    let anyTime = format(Int64(bitPattern: number))
    try requireEqual(anyTime.utf8.count, 29, "bytes of \(anyTime)")

    let text = bytes.text
    for now in [0, seconds] {
      let date = HTTPDate.parse(text, nowUnixSeconds: now)
      let wait = RetryAfter.parse(text, unixSeconds: Int(now))
      if let wait { try require(wait >= .zero, "waits for \(wait)") }
      guard let date else { continue }
      try require((0...HTTPDate.unixSecondsMax + 1).contains(date), "\(date) seconds")
      // A leap second at the very end is the one moment that cannot be written.
      if date <= HTTPDate.unixSecondsMax {
        try requireEqual(HTTPDate.parse(format(date), nowUnixSeconds: now), date, "written again")
      }
      try requireEqual(wait, .seconds(max(0, date - now)), "as Retry-After")
    }
  }

  private static func format(_ seconds: Int64) -> String {
    var queue = ByteQueue()
    HTTPDate.append(unixSeconds: seconds, to: &queue)
    return queue.array().text
  }
}
