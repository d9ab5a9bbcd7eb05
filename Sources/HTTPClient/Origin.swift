/// Whom a connection leads to (RFC 9110 §4.3.1).
struct Origin: Hashable {
  let scheme: HTTPURL.Scheme
  let host: String
  let port: UInt16

  init(_ url: HTTPURL) {
    scheme = url.scheme
    host = url.host
    port = url.port
  }
}
