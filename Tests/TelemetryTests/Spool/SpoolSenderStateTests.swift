import Sockets
import Testing

@testable import Telemetry

@Suite("Spool: what is sent next")
struct SpoolSenderStateTests {
  private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

  private func backlog(_ memory: Int, _ own: Int, adopted: Bool = false)
    -> SpoolSenderState.Backlog
  {
    SpoolSenderState.Backlog(memory: memory, own: own, hasAdopted: adopted)
  }

  @Test("what is on disk is older than what is in memory, and goes first")
  func order() {
    var state = SpoolSenderState(retry: RetryPolicy())
    #expect(state.next(backlog(0, 0), now: start) == .wait(until: nil))
    #expect(state.next(backlog(2, 0), now: start) == .sendFromMemory)
    #expect(state.next(backlog(2, 1), now: start) == .sendOwn)
    #expect(state.next(backlog(0, 1), now: start) == .sendOwn)
  }

  @Test("what others left goes by turns with one's own, so that neither waits for the other")
  func turns() {
    var state = SpoolSenderState(retry: RetryPolicy())
    let steps = (0..<4).map { _ in state.next(backlog(5, 0, adopted: true), now: start) }
    #expect(steps == [.sendFromMemory, .sendAdopted, .sendFromMemory, .sendAdopted])
    #expect(state.next(backlog(0, 0, adopted: true), now: start) == .sendAdopted)
    #expect(state.next(backlog(0, 0, adopted: true), now: start) == .sendAdopted)
  }

  @Test("after each failure it waits, longer each time; an answer ends that")
  func backOff() {
    var state = SpoolSenderState(retry: RetryPolicy())
    for seconds in [1, 2, 4, 8, 16, 16] {
      state.failed(retryAfter: nil, now: start, random: 0.5)
      #expect(state.isFailing)
      let next = start + .seconds(seconds)
      #expect(state.next(backlog(0, 1), now: start) == .wait(until: next))
      #expect(state.next(backlog(0, 1), now: next) == .sendOwn)
    }
    state.succeeded()
    #expect(!state.isFailing && state.next(backlog(0, 1), now: start) == .sendOwn)
    state.failed(retryAfter: nil, now: start, random: 0.5)
    #expect(state.next(backlog(0, 1), now: start) == .wait(until: start + .seconds(1)))
  }

  @Test("a flush does not wait for the back-off, but for what the receiver asked for")
  func hurry() {
    var state = SpoolSenderState(retry: RetryPolicy())
    state.failed(retryAfter: nil, now: start, random: 0.5)
    state.hurry()
    #expect(state.next(backlog(0, 1), now: start) == .sendOwn)
    state.failed(retryAfter: .seconds(30), now: start, random: 0)
    state.hurry()
    #expect(state.next(backlog(0, 1), now: start) == .wait(until: start + .seconds(30)))
  }

  @Test("at the end everything of one's own is tried once, and the first failure is the last")
  func end() {
    var state = SpoolSenderState(retry: RetryPolicy())
    state.end()
    #expect(state.next(backlog(1, 1, adopted: true), now: start) == .sendOwn)
    #expect(state.next(backlog(1, 0, adopted: true), now: start) == .sendFromMemory)
    #expect(state.next(backlog(0, 0, adopted: true), now: start) == .finish)
    state.failed(retryAfter: nil, now: start, random: 0.5)
    #expect(state.next(backlog(1, 1), now: start) == .finish)
    // In the middle of a pause, too, but not of one that was asked for.
    for (retryAfter, step) in [(nil, .sendOwn), (Duration.seconds(9), .finish)]
      as [(Duration?, SpoolSenderState.Step)]
    {
      var failing = SpoolSenderState(retry: RetryPolicy())
      failing.failed(retryAfter: retryAfter, now: start, random: 0.5)
      failing.end()
      #expect(failing.next(backlog(1, 1), now: start) == step)
    }
  }
}
