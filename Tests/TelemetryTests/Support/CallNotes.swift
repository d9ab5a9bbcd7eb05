import Synchronization

/// Notes what an object was called for, and how often at once.
final class CallNotes: Sendable {
  private struct State {
    var notes: [String] = []
    var running = 0
    var runningMax = 0
  }

  private let state = Mutex(State())

  var all: [String] { state.withLock { $0.notes } }
  var concurrencyMax: Int { state.withLock { $0.runningMax } }

  func note(_ text: String) { state.withLock { $0.notes.append(text) } }

  func begin(_ text: String) {
    state.withLock { state in
      state.notes.append(text)
      state.running += 1
      state.runningMax = max(state.runningMax, state.running)
    }
  }

  func end() { state.withLock { $0.running -= 1 } }
}
