import Sockets

/// One place that telemetry passes or ends at: what it is asked, and what its answer must hold.
package struct Hop: Sendable {
  /// What can be asked before there is an order, and what is asked about one.
  enum Question: Sendable {
    case always(@Sendable (CheckClient, MonotonicInstant) async throws(Obstacle) -> Finding)
    case aboutOrder(
      @Sendable (CheckClient, MonotonicInstant, PlacedOrder) async throws(Obstacle) -> Finding)
  }

  /// One word or two; also what `--without` takes.
  package let name: String
  /// The request, for people.
  package let asks: String
  /// What the answer must hold.
  package let looksFor: String
  /// Where to look when it does not.
  package let whereToLook: String
  /// How long to wait between two looks.
  var pause = Duration.milliseconds(250)
  let question: Question
}
