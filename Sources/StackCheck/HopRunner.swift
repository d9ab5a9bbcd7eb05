import Sockets

/// Asks a hop again and again until it answers as it should, or its deadline comes.
package struct HopRunner: Sendable {
  private let client: CheckClient
  /// How long a hop may take.
  private let deadline: @Sendable (String) -> Duration

  /// - Parameter deadline: By the hop's name.
  package init(_ client: CheckClient, deadline: @escaping @Sendable (String) -> Duration) {
    self.client = client
    self.deadline = deadline
  }

  func run(_ hop: Hop, order: PlacedOrder?) async -> HopResult {
    let start = MonotonicInstant.now()
    let limit = start + deadline(hop.name)
    var reason: String?
    repeat {
      do throws(Obstacle) {
        switch try await look(hop, order, limit) {
        case .found(let detail)?: return result(hop, .found(detail), start)
        case .missing(let detail)?: reason = detail
        case nil: return result(hop, .notAsked, start)
        }
      } catch {
        // The last try is cut short by the deadline; what an earlier one said tells more.
        if MonotonicInstant.now() < limit || reason == nil { reason = error.description }
      }
      let left = limit - .now()
      guard left > .zero, !Task.isCancelled else { break }
      try? await Task.sleep(for: min(hop.pause, left))
    } while MonotonicInstant.now() < limit && !Task.isCancelled
    return result(hop, .gap(reason ?? "no answer"), start)
  }

  private func look(
    _ hop: Hop, _ order: PlacedOrder?, _ limit: MonotonicInstant
  ) async throws(Obstacle) -> Finding? {
    switch hop.question {
    case .always(let ask): return try await ask(client, limit)
    case .aboutOrder(let ask):
      guard let order else { return nil }
      return try await ask(client, limit, order)
    }
  }

  private func result(
    _ hop: Hop, _ outcome: HopResult.Outcome, _ start: MonotonicInstant
  ) -> HopResult {
    HopResult(
      hop: hop, outcome: outcome,
      milliseconds: Int((.now() - start).wholeNanoseconds / 1_000_000))
  }
}
