import Bytes
package import CoreMetrics
import OTLP
package import Sockets
import Synchronization

/// Collects all metrics at a steady interval and exports them (specification, "Periodic exporting
/// MetricReader").
package final class PeriodicReader: MetricsPipeline {
  private let parts: MetricsPipelineParts
  private let registry: MetricRegistry
  private let metricsFactory: TelemetryMetricsFactory
  private let control: ExportControl
  private let isShutDown = Atomic(false)
  private let isExporting = Atomic(false)
  private let start = WallClock.unixNanoseconds()

  package var factory: any MetricsFactory { metricsFactory }

  /// - Parameter instruments: What is known of the program's own instruments.
  package init(_ parts: MetricsPipelineParts, instruments: [InstrumentDescription] = []) {
    self.parts = parts
    registry = MetricRegistry(
      cardinalityMax: parts.configuration.cardinalityMax,
      catalog: InstrumentCatalog(instruments))
    metricsFactory = TelemetryMetricsFactory(
      registry: registry, exemplarFilter: parts.configuration.exemplarFilter)
    control = ExportControl(loop: parts.loop)
    let loop = parts.loop
    let interval = parts.configuration.exportInterval
    Task(executorPreference: loop) { [weak self] in
      while true {
        try? await loop.sleep(until: .now() + interval)
        guard let self, !isShutDown.load(ordering: .relaxed) else { return }
        _ = await export(deadline: deadline(.distantFuture))
      }
    }
  }

  package func forceFlush(deadline: MonotonicInstant) async -> Bool {
    await parts.loop.run { await self.export(deadline: self.deadline(deadline)) }
  }

  package func shutdown(deadline: MonotonicInstant) async -> Bool {
    guard !isShutDown.exchange(true, ordering: .acquiringAndReleasing) else { return true }
    control.shutDown(by: deadline)
    return await parts.loop.run { await self.export(deadline: self.deadline(deadline)) }
  }

  private func deadline(_ limit: MonotonicInstant) -> MonotonicInstant {
    guard let timeout = parts.configuration.exportTimeout else { return limit }
    return min(limit, .now() + timeout)
  }

  /// Collects and exports once, one at a time.
  private func export(deadline: MonotonicInstant) async -> Bool {
    while isExporting.exchange(true, ordering: .acquiringAndReleasing) {
      guard MonotonicInstant.now() < deadline else { return false }
      try? await parts.loop.sleep(until: .now() + .milliseconds(10))
    }
    defer { isExporting.store(false, ordering: .releasing) }
    if parts.configuration.includesProcessMetrics { ProcessMetrics.collect(into: registry) }
    let now = WallClock.unixNanoseconds()
    let metrics = registry.snapshot().filter { !$0.points.isEmpty }
    if let console = parts.console { show(metrics, on: console, now: now) }
    var records = ByteQueue(capacity: 16_384)
    var count = 0
    for (identity, points) in metrics {
      count += records.append(
        metric: identity, text: registry.catalog[identity.name]?.text, points: points,
        start: start, now: now)
    }
    guard count > 0, let exporter = parts.exporter else { return true }
    let body = exporter.encode(metrics: records)
    let result = await exporter.export(
      body: body, recordCount: count, deadline: deadline, control: control)
    return result.dropped == 0
  }

  private func show(
    _ metrics: [(identity: MetricIdentity, points: [(SeriesKey, MetricPoint)])],
    on console: ConsoleOutput, now: UInt64
  ) {
    let format = ConsoleMetricFormat(style: console.style)
    var time = TimestampText()
    for (identity, points) in metrics {
      for (key, point) in points {
        var line = ByteQueue(capacity: 256)
        format.append(identity, key, point, now: now, to: &line, time: &time)
        console.write(line)
      }
    }
  }
}
