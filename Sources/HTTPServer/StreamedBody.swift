/// Content that is produced while it is sent.
package struct StreamedBody: Sendable {
  /// Writes the content; each write waits until the peer has taken enough of it. An error ends the
  /// connection, so that the peer can tell a broken response from a complete one.
  package var produce: @Sendable (BodyWriter) async throws -> Void
  /// Called instead of `produce` when the content is not wanted, as for HEAD.
  package var abandon: @Sendable () -> Void

  package init(
    produce: @escaping @Sendable (BodyWriter) async throws -> Void,
    abandon: @escaping @Sendable () -> Void = {}
  ) {
    self.produce = produce
    self.abandon = abandon
  }

  /// Content from a sequence of pieces, asked for one at a time.
  package init<Pieces: AsyncSequence & Sendable>(_ pieces: Pieces)
  where Pieces.Element == [UInt8] {
    self.init { writer in
      for try await piece in pieces { try await writer.write(piece) }
    }
  }
}
