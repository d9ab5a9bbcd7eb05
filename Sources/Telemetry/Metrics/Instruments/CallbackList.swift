import Synchronization

/// The callbacks of a meter provider.
final class CallbackList: Sendable {
  typealias Callback = @Sendable (borrowing MetricObserver) -> Void

  private struct State {
    var callbacks: [(id: Int, body: Callback)] = []
    var nextID = 0
  }

  private let state = Mutex(State())

  /// - Returns: What `remove` takes.
  func add(_ body: @escaping Callback) -> Int {
    state.withLock { state in
      defer { state.nextID += 1 }
      state.callbacks.append((state.nextID, body))
      return state.nextID
    }
  }

  func remove(_ id: Int) {
    state.withLock { state in state.callbacks.removeAll { $0.id == id } }
  }

  /// Calls all of them, in the order in which they came, for the reader with this number.
  func call(reader: Int) {
    let observer = MetricObserver(reader: reader)
    for (_, body) in state.withLock({ $0.callbacks }) { body(observer) }
  }
}
