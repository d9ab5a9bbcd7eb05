import Sockets
import Testing

@testable import Telemetry

@Suite("Retrying")
struct RetryPolicyTests {
  @Test(
    "exactly four statuses may pass",
    arguments: [
      (200, .success), (202, .success), (299, .success), (300, .permanent), (307, .permanent),
      (400, .permanent), (401, .permanent), (403, .permanent), (404, .permanent),
      (408, .permanent), (413, .permanent), (428, .permanent),
      (429, .transient(retryAfter: .seconds(7))), (500, .permanent), (501, .permanent),
      (502, .transient(retryAfter: nil)), (503, .transient(retryAfter: .seconds(7))),
      (504, .transient(retryAfter: nil)), (505, .permanent), (599, .permanent),
    ] as [(Int, RetryPolicy.Outcome)])
  func statuses(status: Int, outcome: RetryPolicy.Outcome) {
    #expect(RetryPolicy.classify(status: status, retryAfter: .seconds(7)) == outcome)
  }

  @Test(
    "failures without an answer",
    arguments: [
      (.connectionFailed("refused"), true), (.connectionClosed, true), (.timedOut, true),
      (.invalidResponse("x"), false), (.cancelled, false),
    ] as [(OTLPTransportError, Bool)])
  func failures(error: OTLPTransportError, isTransient: Bool) {
    let expected: RetryPolicy.Outcome = isTransient ? .transient(retryAfter: nil) : .permanent
    #expect(RetryPolicy.classify(error) == expected)
  }

  @Test(
    "pauses double up to their limit; jitter is half either way",
    arguments: [
      (0, 0.5, .seconds(1)), (1, 0.5, .seconds(2)), (2, 0.5, .seconds(4)), (3, 0.5, .seconds(8)),
      (4, 0.5, .seconds(16)), (5, 0.5, .seconds(16)), (1_000_000, 0.5, .seconds(16)),
      (0, 0, .milliseconds(500)), (4, 0, .seconds(8)), (2, 0.75, .seconds(5)),
    ] as [(Int, Double, Duration)])
  func delays(retries: Int, random: Double, expected: Duration) {
    #expect(RetryPolicy().delay(retries: retries, retryAfter: nil, random: random) == expected)
  }

  @Test(
    "what the receiver asked for is never cut short, and never believed without bound",
    arguments: [
      (.seconds(3), 0, .seconds(3)), (.seconds(3), 0.5, .milliseconds(3_150)),
      (.seconds(86_400), 0, .seconds(300)), (.zero, 0.5, .seconds(1)),
    ] as [(Duration, Double, Duration)])
  func retryAfter(asked: Duration, random: Double, expected: Duration) {
    #expect(RetryPolicy().delay(retries: 0, retryAfter: asked, random: random) == expected)
  }

  @Test("an attempt that would begin at the deadline or later is none")
  func deadline() {
    let now = MonotonicInstant(nanoseconds: 0)
    func next(_ deadline: Duration) -> MonotonicInstant? {
      RetryPolicy().nextAttempt(
        retries: 0, retryAfter: nil, now: now, deadline: now + deadline, random: 0.5)
    }
    #expect(next(.milliseconds(1_001)) == now + .seconds(1))
    #expect(next(.seconds(1)) == nil)
  }
}
