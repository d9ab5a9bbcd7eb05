import Synchronization

/// What an in-memory exporter was given.
final class InMemoryItems<Item: Sendable>: Sendable {
  private struct State {
    var items: [Item] = []
    var isShutDown = false
  }

  private let state = Mutex(State())

  var all: [Item] { state.withLock { $0.items } }

  func removeAll() { state.withLock { $0.items = [] } }

  /// Keeps `items`; after the shutdown it fails.
  func add(_ items: [Item]) -> ExportOutcome {
    state.withLock { state in
      guard !state.isShutDown else { return .failure }
      state.items += items
      return .success
    }
  }

  func shutDown() -> FlushResult {
    state.withLock { $0.isShutDown = true }
    return .success
  }
}
