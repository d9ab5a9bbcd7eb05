/// The version of a message of HTTP/1 (RFC 9112 §2.3).
package enum HTTPVersion: Int, BitwiseCopyable, Comparable, Sendable {
  case http10 = 10
  /// Also what a message of a later minor version is read as (RFC 9110 §2.5).
  case http11 = 11

  package var major: Int { rawValue / 10 }

  package var minor: Int { rawValue % 10 }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
