package import Sockets
import Synchronization

/// Collects and exports at a steady interval, on one task, so that no two exports are ever
/// concurrent (specification, "Periodic exporting MetricReader").
package final class PeriodicReader: Sendable {
  package struct Configuration: Sendable {
    /// From one collection to the next.
    package var interval = Duration.seconds(60)
    /// The longest that one export may take, retries included; nil is no limit.
    package var exportTimeout: Duration? = .seconds(30)
    /// Points in one export; more are exported one batch after the other.
    package var exportPointsMax = 2_000
    /// How long a collection waits for the callbacks; half of what is left, if that is less.
    package var callbackTimeout = Duration.seconds(5)
    /// Is told how long each collection took, and whether all callbacks came to their end in time.
    package var onCollection: @Sendable (Duration, _ isComplete: Bool) -> Void = { _, _ in }

    package init() {}
  }

  /// Someone waits for a collection to be delivered.
  private struct Flush: Sendable {
    let completion = Completion()
    let isDelivered = Delivery()

    final class Delivery: Sendable {
      let value = Atomic<Bool>(false)
    }
  }

  private struct Requests {
    var flushes: [Flush] = []
    var isShutDown = false
    /// The last flush of all.
    var last: Flush?
  }

  private let provider: MeterProvider
  private let reader: Int
  private let exporter: any MetricExporter
  private let configuration: Configuration
  private let loop: EventLoop
  private let signal: WakeSignal
  private let control: ExportControl
  private let requests = Mutex(Requests())
  private let counts = PointCounts()
  /// Of the round of callbacks that was begun last.
  private let callbacks = Mutex<Completion?>(nil)

  /// Starts the driver.
  /// - Parameter reader: Which of the provider's readers it is.
  package init(
    provider: MeterProvider, reader: Int, exporter: any MetricExporter,
    configuration: Configuration, loop: EventLoop
  ) {
    self.provider = provider
    self.reader = reader
    self.exporter = exporter
    self.configuration = configuration
    self.loop = loop
    signal = WakeSignal(loop)
    control = ExportControl(loop: loop)
    Task(executorPreference: loop) { await self.run() }
  }

  /// What became of the points so far.
  package var statistics: PipelineStatistics {
    var statistics = counts.statistics
    statistics.add(exporter.deferred)
    return statistics
  }

  // MARK: Flush and shutdown

  /// Collects and exports now.
  /// - Returns: Whether everything was delivered before `deadline`. What was not done goes on.
  package func forceFlush(deadline: MonotonicInstant) async -> Bool {
    let flush = Flush()
    let last = requests.withLock { requests -> Flush? in
      if requests.isShutDown { return requests.last }
      requests.flushes.append(flush)
      return nil
    }
    signal.notify()
    guard await delivered(last ?? flush, deadline) else { return false }
    // Not by the driver: what the exporter holds back must not hold up the next export.
    return last != nil ? true : await exporter.forceFlush(deadline: deadline) == .success
  }

  /// Collects and exports one last time, and ends. Later calls wait for the first.
  /// - Returns: Whether everything was delivered before `deadline`.
  package func shutdown(deadline: MonotonicInstant) async -> Bool {
    let flush = Flush()
    let last = requests.withLock { requests -> Flush in
      if let last = requests.last { return last }
      requests.isShutDown = true
      requests.last = flush
      return flush
    }
    if last.completion === flush.completion {
      _ = control.shutDown(before: deadline)
      signal.notify()
    }
    return await delivered(last, deadline)
  }

  private func delivered(_ flush: Flush, _ deadline: MonotonicInstant) async -> Bool {
    guard await flush.completion.wait(until: deadline, on: loop) else { return false }
    return flush.isDelivered.value.load(ordering: .acquiring)
  }

  // MARK: The driver

  private func run() async {
    var next = MonotonicInstant.now() + configuration.interval
    while true {
      let new = requests.withLock { requests in
        defer { requests.flushes = [] }
        return requests
      }
      let isDue = MonotonicInstant.now() >= next
      guard isDue || !new.flushes.isEmpty || new.isShutDown else {
        await signal.wait(until: next)
        continue
      }
      if isDue {
        // What was missed is not made up for.
        while next <= .now() { next = next + configuration.interval }
      }
      let isExported = await export()
      let isDelivered = await isEnded(new) && isExported
      for flush in new.flushes + [new.last].compactMap({ $0 }) {
        flush.isDelivered.value.store(isDelivered, ordering: .releasing)
        flush.completion.complete()
      }
      if new.isShutDown { return }
    }
  }

  /// Has the exporter end, when there will be no more exports.
  private func isEnded(_ requests: Requests) async -> Bool {
    guard requests.isShutDown else { return true }
    let limit = configuration.exportTimeout.map { .now() + $0 } ?? MonotonicInstant.distantFuture
    let deadline = min(limit, control.shutdownDeadline ?? limit)
    return await exporter.shutdown(deadline: deadline) == .success
  }

  /// Collects and exports once.
  /// - Returns: Whether everything was delivered.
  private func export() async -> Bool {
    let limit = configuration.exportTimeout.map { .now() + $0 } ?? MonotonicInstant.distantFuture
    let deadline = min(limit, control.shutdownDeadline ?? limit)
    let start = MonotonicInstant.now()
    let includesObserved = await observe(deadline)
    let metrics = provider.collect(reader: reader, includesObserved: includesObserved)
    configuration.onCollection(.now() - start, includesObserved)
    var isDelivered = includesObserved
    for batch in MetricBatches.split(metrics, pointsMax: configuration.exportPointsMax) {
      counts.begin(batch.pointCount)
      let result = await exporter.export(batch, deadline: deadline, control: control)
      counts.end(result)
      if result.dropped > 0 { isDelivered = false }
    }
    return isDelivered
  }

  /// Has the callbacks called, away from the loop: they are not ours, and one that never comes back
  /// must not hold up what else the loop does.
  /// - Returns: Whether they came to their end in time.
  private func observe(_ deadline: MonotonicInstant) async -> Bool {
    let round = callbacks.withLock { callbacks -> Completion? in
      if let before = callbacks, !before.isComplete { return nil }
      let round = Completion()
      callbacks = round
      return round
    }
    // The round before is not over, and there is never more than one.
    guard let round else { return false }
    Task.detached { [provider, reader] in
      provider.observe(reader: reader)
      round.complete()
    }
    let now = MonotonicInstant.now()
    let half = deadline > now ? (deadline - now) / 2 : .zero
    return await round.wait(until: now + min(half, configuration.callbackTimeout), on: loop)
  }
}
