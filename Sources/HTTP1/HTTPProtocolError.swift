package import HTTPTypes

/// A message that breaks HTTP's rules or a limit.
package enum HTTPProtocolError: Error, Hashable, Sendable, CaseIterable {
  // MARK: Of a head

  /// Not `method SP target SP HTTP/DIGIT.DIGIT`, or too many empty lines before it.
  case badRequestLine
  /// Not `HTTP/1.DIGIT SP 3DIGIT [SP reason]`.
  case badStatusLine
  /// A target that is in none of the four forms, or not in the one its method needs.
  case badTarget
  /// A major version other than 1.
  case unsupportedVersion
  /// A line that does not end in exactly CRLF.
  case badLineEnd
  /// A field line that is not `token ":" OWS value OWS`; obsolete folding is one.
  case badField
  /// No Host, several, or one that is not `uri-host [":" port]`.
  case badHost
  /// Not one field of digits that fit an `Int`.
  case badContentLength
  /// `chunked` more than once, not last, with Content-Length or in HTTP/1.0.
  case badTransferEncoding
  /// A transfer coding other than `chunked`.
  case unknownTransferCoding
  /// An expectation other than `100-continue`.
  case unknownExpectation
  case requestLineTooLong
  case statusLineTooLong
  case fieldsTooLarge
  case tooManyFields

  // MARK: Of the content

  /// A chunk whose size is not hexadecimal or does not fit, or that does not end in CRLF.
  case badChunk
  case chunkExtensionsTooLarge
  /// A trailer field that is malformed, or one that frames or routes a message.
  case badTrailer
  case trailersTooLarge
  case tooManyTrailers
  case contentTooLarge
  /// Content that is not what its Content-Encoding says.
  case badContentCoding

  // MARK: Of the connection

  /// The stream ended inside a head.
  case truncatedHead
  /// The stream ended inside the content.
  case truncatedBody
  /// Bytes of a response to no request.
  case unsolicitedResponse
  /// 101 (Switching Protocols), which nobody asked for.
  case unexpectedUpgrade
  case tooManyInterimResponses

  // MARK: Our own

  /// A field, target or method of our own that would break the message.
  case invalidOwnField
}

extension HTTPProtocolError: CustomStringConvertible {
  /// Who has to mend it.
  package enum Fault: Hashable, Sendable { case peer, local }

  package var fault: Fault { self == .invalidOwnField ? .local : .peer }

  package var description: String { "\(label) (\(status.code))" }

  /// A short constant name, fit for a metric's attribute.
  package var label: String {
    switch self {
    case .badRequestLine: "bad_request_line"
    case .badStatusLine: "bad_status_line"
    case .badTarget: "bad_target"
    case .unsupportedVersion: "unsupported_version"
    case .badLineEnd: "bad_line_end"
    case .badField: "bad_field"
    case .badHost: "bad_host"
    case .badContentLength: "bad_content_length"
    case .badTransferEncoding: "bad_transfer_encoding"
    case .unknownTransferCoding: "unknown_transfer_coding"
    case .unknownExpectation: "unknown_expectation"
    case .requestLineTooLong: "request_line_too_long"
    case .statusLineTooLong: "status_line_too_long"
    case .fieldsTooLarge: "fields_too_large"
    case .tooManyFields: "too_many_fields"
    case .badChunk: "bad_chunk"
    case .chunkExtensionsTooLarge: "chunk_extensions_too_large"
    case .badTrailer: "bad_trailer"
    case .trailersTooLarge: "trailers_too_large"
    case .tooManyTrailers: "too_many_trailers"
    case .contentTooLarge: "content_too_large"
    case .badContentCoding: "bad_content_coding"
    case .truncatedHead: "truncated_head"
    case .truncatedBody: "truncated_body"
    case .unsolicitedResponse: "unsolicited_response"
    case .unexpectedUpgrade: "unexpected_upgrade"
    case .tooManyInterimResponses: "too_many_interim_responses"
    case .invalidOwnField: "invalid_field"
    }
  }

  /// What a server answers when a request is at fault; what a gateway would answer when the
  /// response of the server behind it is.
  package var status: HTTPResponse.Status {
    switch self {
    case .unknownTransferCoding: .notImplemented
    case .unsupportedVersion: .httpVersionNotSupported
    case .unknownExpectation: .expectationFailed
    case .requestLineTooLong: .uriTooLong
    case .fieldsTooLarge, .tooManyFields, .trailersTooLarge, .tooManyTrailers:
      .requestHeaderFieldsTooLarge
    case .contentTooLarge: .contentTooLarge
    case .badStatusLine, .statusLineTooLong, .unsolicitedResponse, .unexpectedUpgrade,
      .tooManyInterimResponses:
      .badGateway
    case .invalidOwnField: .internalServerError
    case .badRequestLine, .badTarget, .badLineEnd, .badField, .badHost, .badContentLength,
      .badTransferEncoding, .badChunk, .chunkExtensionsTooLarge, .badTrailer, .truncatedHead,
      .truncatedBody, .badContentCoding:
      .badRequest
    }
  }
}
