package import HTTPTypes

/// What a handler answers.
package struct ServerResponse: Sendable {
  /// The content of a response.
  package enum Body: Sendable {
    case empty
    /// Known whole: sent with its length.
    case bytes([UInt8])
    /// Produced while it is sent: chunked, or ended by closing for HTTP/1.0.
    case stream(StreamedBody)
  }

  package var status: HTTPResponse.Status
  /// The media type of the content, for the `content-type` field; nil sends none.
  package var contentType: String?
  /// Further fields. Framing fields are the server's and must not be among them.
  package var fields: [HTTPField]
  package var body: Body

  package init(
    status: HTTPResponse.Status = .ok, contentType: String? = nil, fields: [HTTPField] = [],
    body: Body = .empty
  ) {
    self.status = status
    self.contentType = contentType
    self.fields = fields
    self.body = body
  }

  /// Takes note that it will not be sent.
  func abandon() {
    if case .stream(let streamed) = body { streamed.abandon() }
  }

  /// A JSON document (RFC 8259).
  package static func json(
    _ bytes: [UInt8], status: HTTPResponse.Status = .ok, fields: [HTTPField] = []
  ) -> ServerResponse {
    ServerResponse(
      status: status, contentType: "application/json", fields: fields, body: .bytes(bytes))
  }
}
