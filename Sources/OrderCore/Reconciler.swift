package import Logging
import Metrics
import Storage

/// Finds out, at the start and from then on, what became of orders that were left undecided.
package struct Reconciler: Sendable {
  package struct Configuration: Sendable {
    /// How long it rests between two looks.
    package var interval: Duration = .seconds(5)
    /// Younger orders are still in their request's hands.
    package var ageMin: Duration = .seconds(4)
    /// For each order.
    package var timeout: Duration = .seconds(2)
    /// Older ones are counted as stale.
    package var staleAge: Duration = .seconds(60)

    package init() {}
  }

  /// The metrics count no further.
  private static let countMax = 100_000

  private let configuration: Configuration
  private let flow: OrderFlow
  private let store: any OrderStore
  private let logger: Logger
  private let pending = Gauge(label: "orders.pending")
  private let stale = Gauge(label: "orders.pending.stale")
  /// Before the first request could come.
  private let start = ContinuousClock.now

  /// To be made before the service serves.
  package init(
    _ configuration: Configuration, flow: OrderFlow, store: any OrderStore, logger: Logger
  ) {
    self.configuration = configuration
    self.flow = flow
    self.store = store
    self.logger = logger
  }

  /// Works until the task is cancelled.
  package func run() async {
    var isFirstLook = true
    var next: Int64 = 0
    while !Task.isCancelled {
      var isMore = false
      do throws(StorageError) {
        // What was pending before the service started is in no request's hands.
        let age = isFirstLook ? ContinuousClock.now - start : configuration.ageMin
        let settlement = try await flow.settlePending(
          after: next, age: age, timeout: configuration.timeout)
        note(settlement)
        try await measure()
        next = settlement.next
        isMore = next != 0 && !settlement.isInterrupted
      } catch {
        logger.error("Pending orders cannot be settled", metadata: ["error": "\(error)"])
      }
      guard !isMore else { continue }
      isFirstLook = false
      try? await Task.sleep(for: configuration.interval)
    }
  }

  private func note(_ settlement: Settlement) {
    let counts = [
      settlement.confirmedCount, settlement.rejectedCount, settlement.undecidedCount,
    ]
    guard counts != [0, 0, 0] else { return }
    if let failure = settlement.failure {
      logger.error("A pending order cannot be settled", metadata: ["error": "\(failure)"])
    }
    logger.info(
      "Settled pending orders",
      metadata: [
        "confirmed_count": .stringConvertible(counts[0]),
        "rejected_count": .stringConvertible(counts[1]),
        "undecided_count": .stringConvertible(counts[2]),
      ])
  }

  private func measure() async throws(StorageError) {
    pending.record(try await store.countPending(age: .zero, max: Self.countMax))
    stale.record(
      try await store.countPending(age: configuration.staleAge, max: Self.countMax))
  }
}
