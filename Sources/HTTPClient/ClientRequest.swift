package import HTTPTypes

/// A request to send.
package struct ClientRequest: Sendable {
  package var method: HTTPRequest.Method
  package var url: HTTPURL
  /// Further fields. Host, framing and connection fields are the client's.
  package var fields: [HTTPField]
  package var body: [UInt8]
  /// Whether sending it twice does no more than sending it once (RFC 9110 §9.2.2). A connection
  /// that was closed while unused can then be replaced without a word.
  package var isIdempotent: Bool
  /// How often it has been sent before, by whoever repeats it.
  package var resendCount = 0

  package init(
    _ method: HTTPRequest.Method, _ url: HTTPURL, fields: [HTTPField] = [], body: [UInt8] = [],
    isIdempotent: Bool? = nil
  ) {
    self.method = method
    self.url = url
    self.fields = fields
    self.body = body
    self.isIdempotent = isIdempotent ?? Self.idempotentMethods.contains(method)
  }

  private static let idempotentMethods: [HTTPRequest.Method] = [
    .get, .head, .options, .put, .delete, .trace,
  ]
}
