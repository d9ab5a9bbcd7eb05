package import HTTP1
package import HTTPTypes

/// Answers a request.
package typealias Handler = @Sendable (ServerRequest) async throws -> ServerResponse

/// Finds the handler for a method and a path: exact paths, compared after percent-decoding, case
/// sensitive. HEAD goes where GET goes; OPTIONS is answered for every path that exists.
package struct Router: Sendable {
  private var routes: [Route] = []

  package init() {}

  /// Adds a route. One path may have several, for different methods.
  /// - Precondition: `path` begins with `/`.
  package mutating func add(
    _ method: HTTPRequest.Method, _ path: String, handler: @escaping Handler
  ) {
    precondition(path.hasPrefix("/"), "a route's path begins with /")
    let bytes = Array(path.utf8)
    if let index = routes.firstIndex(where: { $0.pathBytes == bytes }) {
      routes[index].add(method, handler)
    } else {
      var route = Route(path: path)
      route.add(method, handler)
      routes.append(route)
    }
  }

  /// The same routes, with `middleware` around every handler.
  func wrapped(in middleware: [any Middleware]) -> Router {
    var router = self
    for index in router.routes.indices { router.routes[index].wrap(in: middleware) }
    return router
  }

  /// What `head` asks for.
  package func match(_ head: RequestHead) -> RouteMatch {
    switch head.targetForm {
    case .origin: break
    // Meant for proxies, but a server must take it too (RFC 9112 §3.2.2).
    case .absolute: break
    // The server itself, not a resource (RFC 9110 §9.3.7).
    case .asterisk: return .options(allow: allow, path: "*")
    // A tunnel's end is no resource of ours.
    case .authority: return .notFound
    }
    let found = head.withPathBytes { bytes -> RouteMatch? in
      for route in routes where route.isPath(bytes) { return resolve(route, head.method) }
      return nil
    }
    if let found { return found }
    // Rare from here on: an escape in the path, a trailing slash, or no such path.
    let path = PercentEncoding.decodeLeniently(head.path)
    if let route = routes.first(where: { $0.path == path }) { return resolve(route, head.method) }
    var trimmed = Substring(path)
    while trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
    if trimmed.count < path.count, let route = routes.first(where: { $0.path == trimmed }) {
      return .redirect(route.path)
    }
    return .notFound
  }

  /// Every method that some route has.
  private var allow: String {
    var methods: [Substring] = []
    for method in routes.flatMap({ $0.allow.split(separator: ", ") })
    where !methods.contains(method) && method != "OPTIONS" { methods.append(method) }
    return (methods + ["OPTIONS"]).joined(separator: ", ")
  }

  private func resolve(_ route: Route, _ method: HTTPRequest.Method) -> RouteMatch {
    if let entry = route.entry(for: method) { return .handler(entry.handler, path: route.path) }
    if method == .options { return .options(allow: route.allow, path: route.path) }
    return .methodNotAllowed(allow: route.allow, path: route.path)
  }
}
