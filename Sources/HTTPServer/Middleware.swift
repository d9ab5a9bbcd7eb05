/// Something that stands around every handler.
package protocol Middleware: Sendable {
  /// Answers `request`, usually by calling `next`.
  func respond(to request: ServerRequest, next: Handler) async throws -> ServerResponse

  /// A handler that is this around `next`. A requirement, although there is no other way to do it,
  /// so that what is called with every request is made where the type is known.
  func wrap(_ next: @escaping Handler) -> Handler
}

extension Middleware {
  package func wrap(_ next: @escaping Handler) -> Handler {
    { request in try await self.respond(to: request, next: next) }
  }
}

extension [any Middleware] {
  /// A handler that is all of these around `handler`, the first outermost.
  func wrap(_ handler: @escaping Handler) -> Handler {
    // Not with `reduce`: a function that passes through something generic is called through thunks.
    var wrapped = handler
    for layer in reversed() { wrapped = layer.wrap(wrapped) }
    return wrapped
  }
}
