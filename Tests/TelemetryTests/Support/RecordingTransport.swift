import Sockets
import Synchronization

@testable import Telemetry

/// A receiver in this process: keeps every request and answers as told.
final class RecordingTransport: OTLPTransport {
  typealias Answer =
    @Sendable (_ number: Int, _ request: OTLPRequest) -> Result<OTLPResponse, OTLPTransportError>

  private struct State {
    var requests: [OTLPRequest] = []
    var running = 0
    var runningMax = 0
    var waiters: [(count: Int, completion: Completion)] = []
  }

  private let state = Mutex(State())
  private let answer: Answer
  /// While it is set and not complete, requests wait for it.
  private let gate: Completion?
  private let loop: EventLoop

  init(
    loop: EventLoop, gate: Completion? = nil,
    answer: @escaping Answer = { _, _ in .success(OTLPResponse(status: 200)) }
  ) {
    self.loop = loop
    self.gate = gate
    self.answer = answer
  }

  var requests: [OTLPRequest] { state.withLock { $0.requests } }
  /// How many requests there were at once, at most.
  var concurrencyMax: Int { state.withLock { $0.runningMax } }

  func send(
    _ request: OTLPRequest, deadline: MonotonicInstant
  ) async throws(OTLPTransportError) -> OTLPResponse {
    let (number, reached) = state.withLock { state -> (Int, [Completion]) in
      state.requests.append(request)
      state.running += 1
      state.runningMax = max(state.runningMax, state.running)
      let reached = state.waiters.filter { $0.count <= state.requests.count }.map(\.completion)
      state.waiters.removeAll { $0.count <= state.requests.count }
      return (state.requests.count, reached)
    }
    for completion in reached { completion.complete() }
    defer { state.withLock { $0.running -= 1 } }
    if let gate { try await pass(gate, deadline: deadline) }
    return try answer(number, request).get()
  }

  private func pass(
    _ gate: Completion, deadline: MonotonicInstant
  ) async throws(OTLPTransportError) {
    let isOpen = await withTaskCancellationHandler {
      await gate.wait(until: deadline, on: loop)
    } onCancel: {
      gate.complete()
    }
    if Task.isCancelled { throw .cancelled }
    if !isOpen { throw .timedOut }
  }

  /// Waits until there were `count` requests.
  /// - Returns: Whether that was within ten seconds.
  func received(_ count: Int) async -> Bool {
    let completion = Completion()
    state.withLock { state in
      if state.requests.count >= count {
        completion.complete()
      } else {
        state.waiters.append((count, completion))
      }
    }
    return await completion.wait(until: .now() + .seconds(10), on: loop)
  }
}
