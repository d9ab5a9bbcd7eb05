package import Logging
import Storage
import Synchronization

/// Finds out, at the start and from then on, what became of orders that were left undecided.
package final class Reconciler: Sendable {
  private struct Work {
    let flow: OrderFlow
    let logger: Logger
    /// Before the first request could come.
    let start = ContinuousClock.now
  }

  private let work = Mutex<Work?>(nil)
  /// How long it rests between two looks.
  private let interval: Duration
  /// Younger orders are still in their request's hands.
  private let minimumAge: Duration

  package init(interval: Duration, minimumAge: Duration) {
    self.interval = interval
    self.minimumAge = minimumAge
  }

  /// Gives it its work. To be called before the service serves.
  package func start(flow: OrderFlow, logger: Logger) {
    work.withLock { $0 = Work(flow: flow, logger: logger) }
  }

  /// Works until the task is cancelled.
  package func run() async {
    guard let work = work.withLock({ $0 }) else { return }
    // What was pending before the service started is in no request's hands.
    var age = ContinuousClock.now - work.start
    while !Task.isCancelled {
      do throws(StorageError) {
        let count = try await work.flow.settlePending(olderThan: age)
        if count > 0 {
          work.logger.info(
            "Settled pending orders", metadata: ["orders_count": .stringConvertible(count)])
        }
      } catch {
        work.logger.error("Pending orders cannot be settled", metadata: ["error": "\(error)"])
      }
      age = minimumAge
      try? await Task.sleep(for: interval)
    }
  }
}
