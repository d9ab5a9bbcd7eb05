import HTTPTypes

/// One path and its methods.
struct Route: Sendable {
  let path: String
  let pathBytes: [UInt8]
  /// The value of the `allow` field (RFC 9110 §10.2.1).
  private(set) var allow = "OPTIONS"
  private var entries: [Entry] = []

  /// Not a tuple or an optional handler: in those, a closure is called through two thunks.
  struct Entry: Sendable {
    let method: HTTPRequest.Method
    fileprivate(set) var handler: Handler
  }

  init(path: String) {
    self.path = path
    pathBytes = Array(path.utf8)
  }

  mutating func add(_ method: HTTPRequest.Method, _ handler: @escaping Handler) {
    entries.removeAll { $0.method == method }
    entries.append(Entry(method: method, handler: handler))
    let own = entries.flatMap { entry in
      entry.method == .get ? ["GET", "HEAD"] : [entry.method.rawValue]
    }
    allow = (own + ["OPTIONS"]).joined(separator: ", ")
  }

  mutating func wrap(in middleware: [any Middleware]) {
    for index in entries.indices { entries[index].handler = middleware.wrap(entries[index].handler) }
  }

  func isPath(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count == pathBytes.count else { return false }
    for index in pathBytes.indices where bytes[index] != pathBytes[index] { return false }
    return true
  }

  func entry(for method: HTTPRequest.Method) -> Entry? {
    let wanted = method == .head ? .get : method
    return entries.first { $0.method == wanted }
  }
}
