/// Whether a server is worth asking: after several failures in a row it is left alone for a while,
/// then asked once, and left alone for twice as long when that fails as well. A value without a
/// clock; the instants that it is given never go back.
package struct CircuitBreaker: Sendable {
  package typealias Instant = ContinuousClock.Instant

  package struct Configuration: Sendable {
    /// Failures in a row that open it.
    package var failuresMax = 5
    /// How long it is open first.
    package var openTime: Duration = .seconds(1)
    /// How long it is open at the most.
    package var openTimeMax: Duration = .seconds(5)
    /// How long the one call of the half-open state is waited for; then there may be another.
    package var probeTimeout: Duration = .seconds(10)

    package init() {}
  }

  /// The right to one call. The outcome of a call that began in an earlier state says nothing of
  /// the present one.
  package struct Ticket: Hashable, Sendable {
    fileprivate let generation: UInt64
  }

  private enum State {
    case closed(failures: Int)
    case open(until: Instant, time: Duration)
    /// One call is under way.
    case halfOpen(until: Instant, time: Duration)
  }

  private let configuration: Configuration
  private var state = State.closed(failures: 0)
  private var generation: UInt64 = 0

  package init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// How long no call will be admitted; nil when one would be.
  package func pause(at now: Instant) -> Duration? {
    switch state {
    case .closed: nil
    case .open(let end, _), .halfOpen(let end, _): now < end ? end - now : nil
    }
  }

  /// Asks for a call.
  /// - Returns: nil when there must be none now.
  package mutating func admit(at now: Instant) -> Ticket? {
    guard pause(at: now) == nil else { return nil }
    switch state {
    case .closed: break
    case .open(_, let time), .halfOpen(_, let time):
      become(.halfOpen(until: now + configuration.probeTimeout, time: time))
    }
    return Ticket(generation: generation)
  }

  /// Takes note of what an admitted call came to.
  package mutating func report(_ ticket: Ticket, isSuccess: Bool, at now: Instant) {
    guard ticket.generation == generation else { return }
    switch (state, isSuccess) {
    case (.closed, true): state = .closed(failures: 0)
    case (.closed(let failures), false):
      guard failures + 1 >= configuration.failuresMax else {
        state = .closed(failures: failures + 1)
        return
      }
      open(for: configuration.openTime, at: now)
    case (.halfOpen, true): become(.closed(failures: 0))
    case (.halfOpen(_, let time), false):
      open(for: min(time * 2, configuration.openTimeMax), at: now)
    case (.open, _): break
    }
  }

  /// Takes note that an admitted call says nothing of the server. Somebody else may try instead.
  package mutating func abandon(_ ticket: Ticket, at now: Instant) {
    guard ticket.generation == generation, case .halfOpen(_, let time) = state else { return }
    become(.open(until: now, time: time))
  }

  private mutating func open(for time: Duration, at now: Instant) {
    become(.open(until: now + time, time: time))
  }

  private mutating func become(_ state: State) {
    self.state = state
    generation += 1
  }
}
