import HTTPTypes

/// One path and its methods.
struct Route: Sendable {
  let path: String
  let pathBytes: [UInt8]
  /// The value of the `allow` field (RFC 9110 §10.2.1).
  private(set) var allow = "OPTIONS"
  private var handlers: [(method: HTTPRequest.Method, handler: Handler)] = []

  init(path: String) {
    self.path = path
    pathBytes = Array(path.utf8)
  }

  mutating func add(_ method: HTTPRequest.Method, _ handler: @escaping Handler) {
    handlers.removeAll { $0.method == method }
    handlers.append((method, handler))
    let own = handlers.flatMap { entry in
      entry.method == .get ? ["GET", "HEAD"] : [entry.method.rawValue]
    }
    allow = (own + ["OPTIONS"]).joined(separator: ", ")
  }

  func isPath(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count == pathBytes.count else { return false }
    for index in pathBytes.indices where bytes[index] != pathBytes[index] { return false }
    return true
  }

  func handler(for method: HTTPRequest.Method) -> Handler? {
    let wanted = method == .head ? .get : method
    for entry in handlers where entry.method == wanted { return entry.handler }
    return nil
  }
}
