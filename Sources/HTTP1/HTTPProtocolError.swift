package import HTTPTypes

/// A message that breaks HTTP's rules or a limit.
package struct HTTPProtocolError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Who has to mend it.
  package enum Fault: Hashable, Sendable { case peer, local }

  package let fault: Fault
  /// A short constant name, fit for a metric's attribute.
  package let label: String
  /// What a server answers.
  package let status: HTTPResponse.Status

  package init(
    _ label: String, status: HTTPResponse.Status = .badRequest, fault: Fault = .peer
  ) {
    self.label = label
    self.status = status
    self.fault = fault
  }

  package var description: String { "\(label) (\(status.code))" }

  package static let badRequestLine = Self("bad_request_line")
  package static let badStatusLine = Self("bad_status_line")
  package static let badTarget = Self("bad_target")
  package static let badLineEnd = Self("bad_line_end")
  package static let badField = Self("bad_field")
  package static let badHost = Self("bad_host")
  package static let badContentLength = Self("bad_content_length")
  package static let badTransferEncoding = Self("bad_transfer_encoding")
  package static let badChunk = Self("bad_chunk")
  package static let truncated = Self("truncated_message")
  package static let unknownTransferCoding = Self(
    "unknown_transfer_coding", status: .notImplemented)
  package static let unsupportedVersion = Self(
    "unsupported_version", status: .httpVersionNotSupported)
  package static let unknownExpectation = Self(
    "unknown_expectation", status: .expectationFailed)
  package static let requestLineTooLong = Self("request_line_too_long", status: .uriTooLong)
  package static let fieldsTooLarge = Self(
    "fields_too_large", status: .requestHeaderFieldsTooLarge)
  package static let contentTooLarge = Self("content_too_large", status: .contentTooLarge)
  /// A field of our own that would break the message.
  package static let invalidOwnField = Self(
    "invalid_field", status: .internalServerError, fault: .local)
}
