/// What a receiver answered.
package struct OTLPResponse: Sendable, Equatable {
  /// The HTTP status code.
  package let status: Int
  /// The `Retry-After` field value.
  package let retryAfter: String?
  /// The `Content-Type` field value.
  package let contentType: String?
  package let body: [UInt8]

  package init(
    status: Int, retryAfter: String? = nil, contentType: String? = nil, body: [UInt8] = []
  ) {
    self.status = status
    self.retryAfter = retryAfter
    self.contentType = contentType
    self.body = body
  }
}
