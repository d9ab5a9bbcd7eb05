import HTTPClient
import HTTPTypes
import Sockets

/// One run of a load.
final class LoadRun: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: used by tasks of one loop only, which never run at once.

  /// How late the loop's clock may wake a request. One that is no later than that, and waited for
  /// nothing else, counts from its sending: the delay is ours, not the server's.
  static let clockResolution = Duration.milliseconds(2)
  /// How often those who wait look whether the load was stopped.
  private static let stopInterval = Duration.milliseconds(100)

  private let plan: LoadPlan
  private let loop: EventLoop
  private let client: HTTPClient
  private let requests: LoadRequests
  private let keeper: StockKeeper
  private let isStopped: () -> Bool
  private let onSecond: (LoadProgress) -> Void
  private var source: LoadSource
  private let start = MonotonicInstant.now()
  private var inFlight = 0
  private var endpoints: [LoadEndpoint: EndpointStatistics] = [:]
  private var second = EndpointStatistics()

  init(
    _ plan: LoadPlan, loop: EventLoop, client: HTTPClient, requests: LoadRequests,
    keeper: StockKeeper, isStopped: @escaping () -> Bool,
    onSecond: @escaping (LoadProgress) -> Void
  ) {
    self.plan = plan
    self.loop = loop
    self.client = client
    self.requests = requests
    self.keeper = keeper
    self.isStopped = isStopped
    self.onSecond = onSecond
    source = LoadSource(plan)
  }

  func execute() async -> LoadReport {
    await withTaskGroup(of: Void.self) { group in
      group.addTask(executorPreference: self.loop) { await self.keeper.run() }
      group.addTask(executorPreference: self.loop) { await self.tell() }
      await withTaskGroup(of: Void.self) { workers in
        for _ in 0..<self.plan.connections {
          workers.addTask(executorPreference: self.loop) { await self.work() }
        }
      }
      self.keeper.end()
      group.cancelAll()
    }
    let elapsed = MonotonicInstant.now() - start
    let wasStopped = isStopped()
    return LoadReport(
      plan: plan, elapsed: UInt64(elapsed.wholeNanoseconds), endpoints: endpoints,
      unsent: wasStopped ? 0 : source.drop(), restocks: keeper.restockCount,
      wasStopped: wasStopped)
  }

  /// The next request, for whoever is free; nil at the end.
  private func take() -> LoadArrival? {
    guard !isStopped() else { return nil }
    if let duration = plan.duration, MonotonicInstant.now() > start + duration + plan.drain {
      return nil
    }
    return source.next()
  }

  /// Sends one request after another, each when it is due, or at once when that is past.
  private func work() async {
    while let arrival = take() {
      let due = start.advanced(nanoseconds: arrival.due)
      while MonotonicInstant.now() < due, !isStopped() {
        try? await loop.sleep(until: min(due, .now() + Self.stopInterval))
      }
      guard !isStopped() else { return }
      let sentAt = MonotonicInstant.now()
      let from = sentAt - due <= Self.clockResolution ? sentAt : due
      inFlight += 1
      let outcome = await send(arrival, sentAt)
      inFlight -= 1
      let end = MonotonicInstant.now()
      record(
        arrival.endpoint, outcome, response: end - from, service: end - sentAt)
    }
  }

  private func send(_ arrival: LoadArrival, _ sentAt: MonotonicInstant) async -> LoadOutcome {
    let (request, productID) = requests.make(arrival)
    do throws(HTTPClientError) {
      let response = try await client.send(request, deadline: sentAt + plan.timeout)
      let outcome = LoadOutcome(arrival.endpoint, status: response.status.code)
      if let productID {
        switch outcome.kind {
        case .ok: keeper.sold(productID)
        case .refused: keeper.soldOut(productID)
        case .failed: break
        }
      }
      return outcome
    } catch {
      return LoadOutcome(failure: error.label)
    }
  }

  private func record(
    _ endpoint: LoadEndpoint, _ outcome: LoadOutcome, response: Duration, service: Duration
  ) {
    func note(_ statistics: inout EndpointStatistics) {
      switch outcome.kind {
      case .ok: statistics.ok += 1
      case .refused: statistics.refused += 1
      case .failed: statistics.failed += 1
      }
      statistics.answers[outcome.label, default: 0] += 1
      statistics.response.record(microseconds: UInt64(response.wholeNanoseconds / 1000))
      statistics.service.record(microseconds: UInt64(service.wholeNanoseconds / 1000))
    }
    note(&endpoints[endpoint, default: EndpointStatistics()])
    note(&second)
  }

  /// Tells every second what it brought, until the load ends.
  private func tell() async {
    for seconds in 1... {
      do {
        try await loop.sleep(until: start + .seconds(seconds))
      } catch {
        return
      }
      let elapsed = UInt64((MonotonicInstant.now() - start).wholeNanoseconds)
      let behind = source.nextDue.map { $0 < elapsed ? elapsed - $0 : 0 } ?? 0
      onSecond(
        LoadProgress(
          seconds: seconds, sent: second.sent, failed: second.failed, refused: second.refused,
          inFlight: inFlight, behindMilliseconds: behind / 1_000_000,
          median: second.response.quantile(0.5), p99: second.response.quantile(0.99)))
      second = EndpointStatistics()
    }
  }
}
