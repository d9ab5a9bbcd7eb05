import OrderCore
import Synchronization

/// An inventory that answers as told, and remembers who asked.
final class ScriptedInventory: Inventory {
  struct Call: Hashable {
    let productID: Int64
    let key: String
  }

  typealias Answer = @Sendable (_ number: Int, _ call: Call) async -> ReservationOutcome

  private struct State {
    var calls: [Call] = []
    var pause: Duration?
  }

  private let state = Mutex(State())
  private let answer: Answer

  init(_ answer: @escaping Answer) { self.answer = answer }

  convenience init(_ outcomes: [ReservationOutcome]) {
    self.init { number, _ in
      number < outcomes.count ? outcomes[number] : .unknown(reason: "the script has ended")
    }
  }

  var calls: [Call] { state.withLock { $0.calls } }

  var pause: Duration? { state.withLock { $0.pause } }

  func setPause(_ pause: Duration?) { state.withLock { $0.pause = pause } }

  func reserve(
    productID: Int64, key: String, deadline: ContinuousClock.Instant
  ) async -> ReservationOutcome {
    let call = Call(productID: productID, key: key)
    let number = state.withLock { state in
      state.calls.append(call)
      return state.calls.count - 1
    }
    return await answer(number, call)
  }
}
