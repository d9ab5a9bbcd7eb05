import HTTP1
package import HTTPServer

/// The limits and deadlines of the HTTP server that variables can change.
package enum ServerSetting {
  private typealias Counted = any WritableKeyPath<HTTPServerConfiguration, Int> & Sendable
  private typealias Timed = any WritableKeyPath<HTTPServerConfiguration, Duration> & Sendable

  /// - Throws: `SettingError` for the first that cannot be used.
  package static func read(
    _ settings: Settings
  ) throws(SettingError) -> HTTPServerConfiguration {
    var configuration = HTTPServerConfiguration()
    for (path, name, range, meaning) in counts {
      configuration[keyPath: path] = try settings.value(
        .integer(name, default: configuration[keyPath: path], in: range, meaning))
    }
    for (path, name, meaning) in durations {
      let fallback = configuration[keyPath: path]
      let milliseconds = Int(fallback.components.seconds) * 1000
        + Int(fallback.components.attoseconds / 1_000_000_000_000_000)
      configuration[keyPath: path] = try settings.value(
        .milliseconds(name, default: milliseconds, meaning))
    }
    return configuration
  }

  private static let counts: [(Counted, String, ClosedRange<Int>, String)] = [
    (
      \.limits.requestLineBytesMax, "HTTP_REQUEST_LINE_BYTES_MAX", 64...1_048_576,
      "bytes of a request line; a longer one gets 414"
    ),
    (
      \.limits.fieldSectionBytesMax, "HTTP_FIELD_SECTION_BYTES_MAX", 256...16_777_216,
      "bytes of a request's fields together; more gets 431"
    ),
    (
      \.limits.fieldCountMax, "HTTP_FIELD_COUNT_MAX", 1...10_000,
      "fields of a request; more gets 431"
    ),
    (
      \.limits.bodyBytesMax, "HTTP_BODY_BYTES_MAX", 0...1_073_741_824,
      "bytes of a request's content; more gets 413"
    ),
    (
      \.limits.chunkExtensionBytesMax, "HTTP_CHUNK_EXTENSION_BYTES_MAX", 0...1_048_576,
      "bytes of a request's chunk extensions together; more gets 400"
    ),
    (
      \.limits.trailerBytesMax, "HTTP_TRAILER_BYTES_MAX", 0...1_048_576,
      "bytes of a request's trailer fields together; more gets 431"
    ),
    (
      \.limits.trailerCountMax, "HTTP_TRAILER_COUNT_MAX", 0...10_000,
      "trailer fields of a request; more gets 431"
    ),
    (
      \.limits.leadingEmptyLinesMax, "HTTP_LEADING_EMPTY_LINES_MAX", 0...1_000,
      "empty lines skipped before a request; more gets 400"
    ),
    (
      \.bodyBytesPerSecondMin, "HTTP_BODY_BYTES_PER_SECOND_MIN", 0...1_073_741_824,
      "bytes of content that must come in a second, on average; less gets 408, 0 allows any"
    ),
    (
      \.writeBytesPerSecondMin, "HTTP_WRITE_BYTES_PER_SECOND_MIN", 0...1_073_741_824,
      "bytes of its answer that a client must take in a second, on average; 0 allows any"
    ),
    (
      \.waitingBytesMax, "HTTP_WAITING_BYTES_MAX", 65_536...1_099_511_627_776,
      "bytes of answers that wait for slow clients, all together; who would exceed it is cut"
    ),
    (
      \.receiveBytesMax, "HTTP_RECEIVE_BYTES_MAX", 512...1_048_576,
      "bytes asked of a connection at once"
    ),
    (
      \.sendBufferBytesMax, "HTTP_SEND_BUFFER_BYTES_MAX", 512...16_777_216,
      "bytes of answers that are kept together before they are sent"
    ),
    (
      \.connectionsMax, "HTTP_CONNECTIONS_MAX", 1...1_000_000,
      "connections at once; at the limit, accepting pauses until one ends"
    ),
    (
      \.requestsPerConnectionMax, "HTTP_REQUESTS_PER_CONNECTION_MAX", 1...1_000_000_000,
      "requests answered on one connection; the last answer closes it"
    ),
  ]

  private static let durations: [(Timed, String, String)] = [
    (
      \.headTimeout, "HTTP_HEAD_TIMEOUT",
      "milliseconds for a request's head, from its first byte; then 408. Also for a new connection's "
        + "first byte; then it is closed"
    ),
    (
      \.bodyTimeout, "HTTP_BODY_TIMEOUT",
      "milliseconds that a request's content may pause; then 408"
    ),
    (
      \.bodyRateGrace, "HTTP_BODY_RATE_GRACE",
      "milliseconds that content may fall behind its least rate"
    ),
    (
      \.handlerTimeout, "HTTP_HANDLER_TIMEOUT",
      "milliseconds for working on a request, waiting for its content not counted; then 503"
    ),
    (
      \.keepAliveTimeout, "HTTP_KEEP_ALIVE_TIMEOUT",
      "milliseconds that a connection may be idle between requests; then it is closed"
    ),
    (
      \.writeTimeout, "HTTP_WRITE_TIMEOUT",
      "milliseconds that a client may take nothing of its answer; then it is cut"
    ),
    (
      \.handshakeTimeout, "HTTP_HANDSHAKE_TIMEOUT",
      "milliseconds for a TLS handshake; then the connection is closed"
    ),
    (
      \.lingerTimeout, "HTTP_LINGER_TIMEOUT",
      "milliseconds that a closed connection's client may still send, so that it gets its answer"
    ),
    (
      \.acceptPause, "HTTP_ACCEPT_PAUSE",
      "milliseconds that accepting pauses when there are no descriptors or no memory"
    ),
    (
      \.drainIdleGrace, "HTTP_DRAIN_IDLE_GRACE",
      "milliseconds that idle connections may still send a request when the service stops"
    ),
  ]
}
