package import OTLP
import Synchronization

/// The instrumentation scopes of a process, by a small index that records carry.
package final class ScopeTable: Sendable {
  private struct State {
    var indices: [InstrumentationScope: Int]
    var scopes: [InstrumentationScope]
    var encoded: [ExportRequestEnvelope.Scope]
  }

  private let state: Mutex<State>
  private let scopesMax: Int

  /// - Parameter scopesMax: How many scopes are told apart; those that come later share the
  ///   nameless one at index 0, so that a name made up at run time cannot cost memory without bound.
  package init(scopesMax: Int = 512) {
    let nameless = InstrumentationScope(name: "")
    self.scopesMax = max(1, scopesMax)
    state = Mutex(
      State(
        indices: [nameless: 0], scopes: [nameless],
        encoded: [ExportRequestEnvelope.Scope(nameless)]))
  }

  /// The index of `scope`, which is added when it is new.
  package func index(of scope: InstrumentationScope) -> Int {
    state.withLock { state in
      if let index = state.indices[scope] { return index }
      guard state.scopes.count < scopesMax else { return 0 }
      let index = state.scopes.count
      state.indices[scope] = index
      state.scopes.append(scope)
      state.encoded.append(ExportRequestEnvelope.Scope(scope))
      return index
    }
  }

  package func scope(at index: Int) -> InstrumentationScope {
    state.withLock { $0.scopes[index] }
  }

  func encodedScope(at index: Int) -> ExportRequestEnvelope.Scope {
    state.withLock { $0.encoded[index] }
  }
}
