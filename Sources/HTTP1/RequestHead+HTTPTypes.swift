package import HTTPTypes

extension RequestHead {
  /// The head as a value of swift-http-types. The path has the query with it; the authority stands
  /// for Host, which is not among the fields.
  /// - Parameter scheme: `http`, or `https` over TLS: the head itself does not tell.
  package func httpRequest(scheme: String) -> HTTPRequest {
    let path: String? =
      switch targetForm {
      case .origin, .asterisk: target
      case .absolute: self.path + (query.map { "?" + $0 } ?? "")
      case .authority: nil
      }
    var headerFields = fields.httpFields
    if let host = HTTPField.Name("host") { headerFields[host] = nil }
    return HTTPRequest(
      method: method, scheme: scheme, authority: authority, path: path,
      headerFields: headerFields)
  }
}
