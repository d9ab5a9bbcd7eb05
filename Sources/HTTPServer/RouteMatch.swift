/// What the router made of a request. `path` is the route's, for `http.route`.
package enum RouteMatch: Sendable {
  case handler(Handler, path: String)
  /// The path exists; `allow` lists its methods, for the `allow` field.
  case options(allow: String, path: String)
  case methodNotAllowed(allow: String, path: String)
  /// The path exists without its trailing slashes.
  case redirect(String)
  case notFound

  /// The route's path; nil when there is none.
  package var routePath: String? {
    switch self {
    case .handler(_, let path), .options(_, let path), .methodNotAllowed(_, let path): path
    case .redirect, .notFound: nil
    }
  }
}
