/// How a response's length is to be told.
package enum ResponseFraming: Hashable, Sendable {
  case length(Int)
  case chunked
  /// By closing the connection: all that HTTP/1.0 leaves when the length is unknown.
  case untilClose
}
