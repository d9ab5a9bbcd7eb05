import HTTP1
import Sockets

/// Which requests go through which proxy. None do unless told.
///
/// A request to this very machine (`localhost`, 127.0.0.0/8, ::1) never does.
package struct HTTPProxies: Hashable, Sendable {
  /// For `http` URLs: the proxy is sent the whole URL.
  package var http: HTTPProxy?
  /// For `https` URLs: the proxy opens a tunnel, and sees none of what is in it.
  package var https: HTTPProxy?
  /// Who is reached without a proxy.
  package var exceptions: [HTTPProxyException] = []

  package init() {}

  /// The variables that are read, the name that counts where one is not set, and what each means.
  package static let variables: [(name: String, alias: String?, meaning: String)] = [
    ("http_proxy", nil, "proxy for requests to http URLs, as `http://[user:password@]host[:port]`"),
    ("https_proxy", "HTTPS_PROXY", "proxy for requests to https URLs, through a tunnel"),
    ("all_proxy", "ALL_PROXY", "proxy where the one for the scheme is not set"),
    (
      "no_proxy", "NO_PROXY",
      "hosts reached without one: names with all below them, addresses, networks such as "
        + "`10.0.0.0/8`, `*`; separated by commas"
    ),
  ]

  /// The names of those variables, and that of the one which is not read.
  package static let knownVariables = variables.flatMap { [$0.name, $0.name.uppercased()] }

  /// Reads the variables that other programs read, too: `http_proxy`, `https_proxy`, `all_proxy`
  /// and `no_proxy`, and the last three in capitals where that is not set. `HTTP_PROXY` is not read:
  /// in a CGI program it is a field of the request.
  /// - Throws: `HTTPProxyError` for the first that cannot be used.
  package init(environment: [String: String]) throws(HTTPProxyError) {
    func value(_ name: String) -> (variable: String, text: String)? {
      let alias = Self.variables.first { $0.name == name }?.alias
      for variable in [name, alias ?? name] {
        if let text = environment[variable], !text.isEmpty { return (variable, text) }
      }
      return nil
    }
    func proxy(_ name: String) throws(HTTPProxyError) -> HTTPProxy? {
      guard let (variable, text) = value(name) ?? value("all_proxy") else { return nil }
      do throws(HTTPProxyError.Reason) {
        return try HTTPProxy(text)
      } catch {
        throw HTTPProxyError(variable: variable, reason: error)
      }
    }
    http = try proxy("http_proxy")
    https = try proxy("https_proxy")
    exceptions = (value("no_proxy")?.text ?? "")
      .split { $0 == "," || $0 == " " }.map { HTTPProxyException(String($0)) }
  }

  /// The proxy that a request to `url` goes through; nil for none.
  package func proxy(for url: HTTPURL) -> HTTPProxy? {
    guard let proxy = url.scheme == .http ? http : https else { return nil }
    let isExcepted = Self.isLoopback(url.host) || exceptions.contains { $0.covers(url) }
    return isExcepted ? nil : proxy
  }

  private static func isLoopback(_ host: String) -> Bool {
    let name = host.lowercased()
    if name == "localhost" || name.hasSuffix(".localhost") { return true }
    guard let address = SocketAddress(numeric: host, port: 0) else { return false }
    return address.isLoopback
  }
}
