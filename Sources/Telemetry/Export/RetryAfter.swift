import HTTP1

/// The `Retry-After` field (RFC 9110 §10.2.3): seconds, or a date.
package enum RetryAfter {
  /// - Parameters:
  ///   - text: The field value.
  ///   - unixSeconds: The present, to which a date is compared.
  /// - Returns: How long to wait; zero for a date that has passed; nil for anything else, and for a
  ///   date before 1970.
  package static func parse(_ text: String, unixSeconds: Int) -> Duration? {
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return .seconds(min(Int(text) ?? secondsMax, secondsMax))
    }
    guard let date = HTTPDate.parse(text, nowUnixSeconds: Int64(unixSeconds)) else { return nil }
    return .seconds(max(0, Int(date) - unixSeconds))
  }

  /// Longer numbers are centuries away.
  private static let secondsMax = 999_999_999
}
