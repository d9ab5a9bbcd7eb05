/// How the length of a message's content is told (RFC 9112 §6.3).
package enum BodyFraming: Hashable, Sendable {
  case none
  case length(Int)
  case chunked
  /// Of a response: until the connection ends.
  case untilClose
}
