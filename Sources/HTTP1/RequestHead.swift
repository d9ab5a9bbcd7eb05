package import HTTPTypes

/// The head of a request (RFC 9112 §3, §5): one reference to its bytes and to where their parts
/// are. Strings are made when asked for; bytes can be looked at without one.
package struct RequestHead: Sendable {
  /// The forms of a request target (RFC 9112 §3.2).
  package enum TargetForm: UInt8, BitwiseCopyable, Sendable {
    case origin, absolute, authority, asterisk
  }

  let storage: HeadStorage

  private var line: RequestLine { storage.requestLine }

  /// The method. Those of RFC 9110 §9 and PATCH cost no allocation.
  package var method: HTTPRequest.Method {
    switch line.method {
    case .get: .get
    case .head: .head
    case .post: .post
    case .put: .put
    case .delete: .delete
    case .connect: .connect
    case .options: .options
    case .trace: .trace
    case .patch: .patch
    // It consists of token bytes, which is all that the initialiser asks.
    case .other: HTTPRequest.Method(storage.text(0..<Int(line.methodEnd))) ?? .trace
    }
  }

  /// Whether the method is HEAD, whose answer has no content; cheaper than to compare `method`.
  package var isHead: Bool { line.method == .head }

  package var targetForm: TargetForm { line.form }

  package var version: HTTPVersion { line.version }

  package var framing: BodyFraming {
    if storage.semantics.isChunked { return .chunked }
    guard let length = storage.semantics.contentLength, length > 0 else { return .none }
    return .length(length)
  }

  /// Whether content follows, which may still turn out to be empty when it is chunked.
  package var hasContent: Bool {
    storage.semantics.isChunked || (storage.semantics.contentLength ?? 0) > 0
  }

  /// Whether the peer lets the connection go on after this exchange (RFC 9112 §9.3).
  package var keepAlive: Bool {
    let semantics = storage.semantics
    return !semantics.hasClose && (version == .http11 || semantics.hasKeepAlive)
  }

  /// Whether the peer waits for `100 (Continue)` before it sends content (RFC 9110 §10.1.1). A
  /// request of HTTP/1.0 or without content never does.
  package var expectsContinue: Bool {
    storage.semantics.expectsContinue && version == .http11 && hasContent
  }

  /// Whom the request is for, `host [":" port]`: the target's authority where it has one, else the
  /// value of Host (RFC 9112 §3.2.2). Valid; nil when empty or absent.
  package var authority: String? {
    let range = authorityRange
    return range.isEmpty ? nil : storage.text(range)
  }

  /// The same as `authority`.
  package var host: String? { authority }

  private var authorityRange: Range<Int> {
    line.authority.isEmpty ? storage.semantics.host : line.authority
  }

  package var fields: HeadFields { HeadFields(storage: storage) }

  /// The number of field lines.
  package var fieldCount: Int { storage.fieldCount }

  /// The value of a field, several lines joined by a comma; see `HeadFields`.
  package subscript(name: HTTPField.Name) -> String? { fields[name] }

  /// The request target as it came.
  package var target: String { storage.text(line.target) }

  /// The path as it came, with its percent-encoding: `/` when an absolute target has none, empty
  /// for the authority form, `*` for the asterisk form.
  package var path: String { withPathBytes { $0.text } }

  /// The query without its `?`, as it came; nil when there is no `?`.
  package var query: String? { line.query.map { storage.text($0) } }

  package var hasQuery: Bool { line.query != nil }
}

/// The bytes of the parts, which need no string to be compared.
extension RequestHead {
  package func withMethodBytes<R, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try storage.withSpan(0..<Int(line.methodEnd), body)
  }

  package func withTargetBytes<R, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try storage.withSpan(line.target, body)
  }

  /// See `path`.
  package func withPathBytes<R, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    let line = line
    if line.form == .absolute, line.path.isEmpty {
      let root: StaticString = "/"
      return try body(UnsafeBufferPointer(start: root.utf8Start, count: 1).span)
    }
    return try storage.withSpan(line.path, body)
  }

  /// See `query`; empty when there is none.
  package func withQueryBytes<R, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try storage.withSpan(line.query ?? 0..<0, body)
  }

  /// See `authority`; empty when there is none.
  package func withAuthorityBytes<R, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try storage.withSpan(authorityRange, body)
  }
}
