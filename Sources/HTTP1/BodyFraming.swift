/// How the length of a message's content is told (RFC 9112 §6.3).
package enum BodyFraming: Hashable, Sendable {
  /// No content follows the head.
  case none
  /// So many bytes follow, at least one.
  case length(Int)
  case chunked
  /// Of a response: until the connection ends.
  case untilClose
}
