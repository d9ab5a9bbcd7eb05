import HTTP1
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
  /// How many redirects are followed (RFC 9110 §15.4): none unless told, and then a redirect is an
  /// answer like any other. One more is an error.
  package var redirectsMax = 0
  /// How many have been followed.
  private(set) var redirectCount = 0

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

  /// The request that `response` redirects this one to.
  /// - Returns: nil when the response is the answer: no redirect, or none is to be followed.
  /// - Throws: `redirectRefused`.
  func redirected(by response: ClientResponse) throws(HTTPClientError) -> ClientRequest? {
    guard redirectsMax > 0, let changed = Self.redirectedMethod(method, response.status.code) else {
      return nil
    }
    guard redirectCount < redirectsMax else { throw .redirectRefused(.tooMany) }
    guard let location = response.head.fields.first(.location), let url = url.resolving(location)
    else { throw .redirectRefused(.badLocation) }
    guard url.scheme == .https || self.url.scheme == .http else {
      throw .redirectRefused(.insecure)
    }
    var next = self
    next.url = url
    next.redirectCount += 1
    next.resendCount += 1
    // What was meant for one server is not another's to know.
    if Origin(url) != Origin(self.url) {
      next.fields.removeAll { Self.privateFields.contains($0.name) }
    }
    if changed != method {
      next.method = changed
      next.body = []
      next.isIdempotent = true
      next.fields.removeAll { $0.name.canonicalName.hasPrefix("content-") }
    }
    return next
  }

  /// The method of the request that a status redirects to; nil when it redirects nowhere.
  private static func redirectedMethod(
    _ method: HTTPRequest.Method, _ status: Int
  ) -> HTTPRequest.Method? {
    switch status {
    // RFC 9110 §15.4.2: what everyone does with POST.
    case 301, 302: method == .post ? .get : method
    case 303: method == .head ? .head : .get
    case 307, 308: method
    default: nil
    }
  }

  private static let privateFields: [HTTPField.Name] = [
    .authorization, .cookie, .proxyAuthorization,
  ]

  private static let idempotentMethods: [HTTPRequest.Method] = [
    .get, .head, .options, .put, .delete, .trace,
  ]
}
