/// Something that stands around every handler.
package protocol Middleware: Sendable {
  /// Answers `request`, usually by calling `next`.
  func respond(to request: ServerRequest, next: Handler) async throws -> ServerResponse
}

extension Middleware {
  /// A handler that is this middleware around `next`; made once, when a server is set up.
  func wrap(_ next: @escaping Handler) -> Handler {
    { request in try await self.respond(to: request, next: next) }
  }
}
