package import HTTPTypes

/// The head of a response (RFC 9112 §4, §5). It shares its bytes, as `RequestHead` does.
package struct ResponseHead: Sendable {
  let storage: HeadStorage
  package let status: HTTPResponse.Status
  package let version: HTTPVersion
  /// How the length of the content is told, the request's method taken into account.
  package let framing: BodyFraming
  /// Whether the connection can be used again after this exchange (RFC 9112 §9.3).
  package let keepAlive: Bool

  /// Whether another head follows in place of content (RFC 9110 §15.2).
  package var isInterim: Bool { status.kind == .informational }

  package var fields: HeadFields { HeadFields(storage: storage) }

  /// The number of field lines.
  package var fieldCount: Int { storage.fieldCount }

  /// The value of a field, several lines joined by a comma; see `HeadFields`.
  package subscript(name: HTTPField.Name) -> String? { fields[name] }

  /// The head as a value of swift-http-types.
  package var httpResponse: HTTPResponse {
    HTTPResponse(status: status, headerFields: fields.httpFields)
  }
}
