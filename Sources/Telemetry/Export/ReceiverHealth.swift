import Logging
import Synchronization

/// Tells the operator, once, that a receiver cannot be reached, and once that it can again, however
/// many signals and attempts that concerns.
package final class ReceiverHealth: Sendable {
  private struct State {
    var isFailing = false
    var lossesAtFailure: [String: Int] = [:]
    var sources: [(signal: String, lost: @Sendable () -> Int)] = []
  }

  private let address: String
  private let log: DiagnosticLog
  private let state = Mutex(State())

  /// - Parameter address: Of the receiver, as people write it.
  package init(address: String, log: DiagnosticLog) {
    self.address = address
    self.log = log
  }

  /// Adds a signal whose losses are reported.
  /// - Parameters:
  ///   - records: What its records are called, in the plural.
  ///   - lost: How many were lost so far.
  package func add(records: String, lost: @escaping @Sendable () -> Int) {
    state.withLock { $0.sources.append((records, lost)) }
  }

  /// Whether the last attempt failed.
  package var isFailing: Bool { state.withLock { $0.isFailing } }

  /// An attempt got no answer, or one that means "not now".
  package func failed(_ reason: String) {
    let sources = state.withLock { state -> [(signal: String, lost: @Sendable () -> Int)]? in
      guard !state.isFailing else { return nil }
      state.isFailing = true
      return state.sources
    }
    guard let sources else { return }
    let losses = Dictionary(sources.map { ($0.signal, $0.lost()) }, uniquingKeysWith: +)
    state.withLock { $0.lossesAtFailure = losses }
    log.log(.warning, "cannot reach \(address) (\(reason)); will keep trying quietly")
  }

  /// An attempt was answered.
  package func succeeded() {
    let ended = state.withLock { state -> State? in
      guard state.isFailing else { return nil }
      state.isFailing = false
      return state
    }
    guard let ended else { return }
    var losses: [String] = []
    for source in ended.sources {
      let lost = source.lost() - (ended.lossesAtFailure[source.signal] ?? 0)
      if lost > 0 { losses.append("\(lost) \(source.signal)") }
    }
    let summary = losses.isEmpty ? "nothing was lost" : "lost " + losses.joined(separator: ", ")
    log.log(.notice, "\(address) can be reached again; \(summary)")
  }
}
