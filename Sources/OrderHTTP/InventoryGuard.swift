package import OrderCore
import Synchronization

/// The circuit breaker in front of the inventory, for all who call it.
package final class InventoryGuard: Sendable {
  private let breaker: Mutex<CircuitBreaker>
  private let now: @Sendable () -> ContinuousClock.Instant

  package init(
    _ configuration: CircuitBreaker.Configuration = .init(),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    breaker = Mutex(CircuitBreaker(configuration))
    self.now = now
  }

  /// For how long nobody may call; nil when somebody may.
  package var pause: Duration? {
    let now = now()
    return breaker.withLock { $0.pause(at: now) }
  }

  func admit() -> CircuitBreaker.Ticket? {
    let now = now()
    return breaker.withLock { $0.admit(at: now) }
  }

  func abandon(_ ticket: CircuitBreaker.Ticket) {
    let now = now()
    breaker.withLock { $0.abandon(ticket, at: now) }
  }

  func report(_ ticket: CircuitBreaker.Ticket, isSuccess: Bool) {
    let now = now()
    breaker.withLock { $0.report(ticket, isSuccess: isSuccess, at: now) }
  }
}
