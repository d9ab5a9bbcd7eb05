import OrderCore
import Testing

@Suite struct CircuitBreakerTests {
  private static let start = ContinuousClock.now

  /// What happens at a time, in milliseconds since the start.
  private enum Step: CustomStringConvertible {
    /// A call is admitted and reported at once.
    case succeeds(Int), fails(Int)
    /// A call is not admitted; the milliseconds that are left to wait.
    case refused(Int, left: Int)
    /// A call is admitted; it ends later.
    case begins(Int)
    /// The earliest call that has begun ends.
    case endsWell(Int), endsBadly(Int)
    /// It ends without saying anything of the server.
    case isAbandoned(Int)

    var description: String {
      switch self {
      case .succeeds(let time): "\(time) succeeds"
      case .fails(let time): "\(time) fails"
      case .refused(let time, let left): "\(time) refused \(left)"
      case .begins(let time): "\(time) begins"
      case .endsWell(let time): "\(time) ends well"
      case .endsBadly(let time): "\(time) ends badly"
      case .isAbandoned(let time): "\(time) is abandoned"
      }
    }
  }

  /// Opens after 3 failures, for 100, 200, then 300 milliseconds; waits 1,000 for the one call.
  private static var configuration: CircuitBreaker.Configuration {
    var configuration = CircuitBreaker.Configuration()
    configuration.failuresMax = 3
    configuration.openTime = .milliseconds(100)
    configuration.openTimeMax = .milliseconds(300)
    configuration.probeTimeout = .milliseconds(1000)
    return configuration
  }

  private static let rows: [(String, [Step])] = [
    ("stays closed", [.succeeds(0), .fails(1), .fails(2), .succeeds(3), .fails(4), .fails(5),
      .succeeds(6)]),
    ("opens at the third failure in a row", [.fails(0), .fails(1), .succeeds(2), .fails(3),
      .fails(4), .fails(5), .refused(5, left: 100), .refused(104, left: 1)]),
    ("closes when the one call succeeds", [.fails(0), .fails(0), .fails(0), .succeeds(100),
      .fails(101), .fails(101), .succeeds(102)]),
    ("admits one call when half open", [.fails(0), .fails(0), .fails(0), .begins(100),
      .refused(100, left: 1000), .refused(600, left: 500), .endsWell(601), .succeeds(601),
      .succeeds(601)]),
    ("opens for longer each time, to a limit", [.fails(0), .fails(0), .fails(0), .fails(100),
      .refused(100, left: 200), .refused(299, left: 1), .fails(300), .refused(300, left: 300),
      .fails(600), .refused(600, left: 300)]),
    ("begins anew after success", [.fails(0), .fails(0), .fails(0), .fails(100), .succeeds(300),
      .fails(301), .fails(301), .fails(301), .refused(301, left: 100)]),
    ("does not wait for ever for the one call", [.fails(0), .fails(0), .fails(0), .begins(100),
      .refused(1099, left: 1), .begins(1100), .refused(1100, left: 1000), .endsBadly(1101),
      .refused(1101, left: 999), .endsWell(1102), .succeeds(1102)]),
    ("hears nothing from calls that began while it was closed", [.begins(0), .begins(0), .fails(1),
      .fails(1), .fails(1), .endsWell(2), .refused(2, left: 99), .begins(101), .endsBadly(102),
      .refused(102, left: 999), .endsWell(103), .succeeds(103)]),
    ("counts calls that overlap", [.begins(0), .begins(0), .begins(0), .endsBadly(1),
      .endsBadly(1), .begins(1), .endsBadly(2), .refused(2, left: 100)]),
    ("counts nothing that is abandoned", [.fails(0), .fails(0), .begins(0), .isAbandoned(1),
      .succeeds(1)]),
    ("admits another when the one call is abandoned", [.fails(0), .fails(0), .fails(0),
      .begins(100), .isAbandoned(101), .fails(101), .refused(101, left: 200)]),
    ("is not opened by a call that was abandoned late", [.begins(0), .fails(0), .fails(0),
      .fails(0), .isAbandoned(1), .refused(1, left: 99)]),
    ("hears nothing from before it closed again", [.begins(0), .begins(0), .begins(0), .fails(1),
      .fails(1), .fails(1), .succeeds(101), .endsBadly(102), .endsBadly(102), .endsBadly(102),
      .succeeds(103)]),
  ]

  @Test(arguments: rows.indices)
  func goesThroughItsStates(_ row: Int) {
    let (name, steps) = Self.rows[row]
    var breaker = CircuitBreaker(Self.configuration)
    var tickets: [CircuitBreaker.Ticket] = []
    for step in steps {
      let isGood = Self.take(step, &breaker, &tickets)
      #expect(isGood, "\(name): \(step)")
    }
  }

  private static func take(
    _ step: Step, _ breaker: inout CircuitBreaker, _ tickets: inout [CircuitBreaker.Ticket]
  ) -> Bool {
    func instant(_ milliseconds: Int) -> ContinuousClock.Instant {
      start + .milliseconds(milliseconds)
    }
    switch step {
    case .succeeds(let time), .fails(let time):
      guard breaker.pause(at: instant(time)) == nil, let ticket = breaker.admit(at: instant(time))
      else { return false }
      var isSuccess = false
      if case .succeeds = step { isSuccess = true }
      breaker.report(ticket, isSuccess: isSuccess, at: instant(time))
      return true
    case .refused(let time, let left):
      return breaker.admit(at: instant(time)) == nil
        && breaker.pause(at: instant(time)) == .milliseconds(left)
    case .begins(let time):
      guard let ticket = breaker.admit(at: instant(time)) else { return false }
      tickets.append(ticket)
      return true
    case .endsWell(let time):
      breaker.report(tickets.removeFirst(), isSuccess: true, at: instant(time))
      return true
    case .endsBadly(let time):
      breaker.report(tickets.removeFirst(), isSuccess: false, at: instant(time))
      return true
    case .isAbandoned(let time):
      breaker.abandon(tickets.removeFirst(), at: instant(time))
      return true
    }
  }

  @Test func hasStatedDefaults() {
    let configuration = CircuitBreaker.Configuration()
    #expect(configuration.failuresMax == 5)
    #expect(configuration.openTime == .seconds(1))
    #expect(configuration.openTimeMax == .seconds(5))
    #expect(configuration.probeTimeout == .seconds(10))
  }
}
