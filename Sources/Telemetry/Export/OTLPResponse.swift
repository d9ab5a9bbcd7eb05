import OTLP

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

  private var isJSON: Bool { contentType?.lowercased().hasPrefix("application/json") ?? false }

  /// What the receiver did not take, from the body of a success; nil when it says nothing.
  var partialSuccess: PartialSuccess? {
    if isJSON { return JSONNode(parsing: body).flatMap { PartialSuccess.decode(json: $0) } }
    return try? PartialSuccess.decode(response: body)
  }

  /// What went wrong, from the body of an error; nil when it says nothing.
  var rpcStatus: RPCStatus? {
    if isJSON { return JSONNode(parsing: body).map { RPCStatus.decode(json: $0) } }
    return try? RPCStatus.decode(body)
  }
}
