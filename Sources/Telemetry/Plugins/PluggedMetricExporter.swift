import OTLP
import Sockets

/// A metric exporter of the program, and what its reader makes of the measurements.
public struct PluggedMetricExporter: Sendable {
  let exporter: any PushMetricExporter
  let settings: MetricReaderSettings

  public init(
    _ exporter: any PushMetricExporter, settings: MetricReaderSettings = MetricReaderSettings()
  ) {
    self.exporter = exporter
    self.settings = settings
  }

  func exporter(resource: ResourceMessage, loop: EventLoop) -> any MetricExporter {
    BoundedMetricExporter(exporter: exporter, resource: resource, calls: BoundedCalls(loop: loop))
  }
}

/// A program's exporter, which is not waited for beyond a deadline.
private struct BoundedMetricExporter: MetricExporter {
  let exporter: any PushMetricExporter
  let resource: ResourceMessage
  let calls: BoundedCalls

  func export(
    _ metrics: [ScopeMetrics], deadline: MonotonicInstant, control: ExportControl
  ) async -> ExportResult {
    let limit = min(deadline, control.shutdownDeadline ?? deadline)
    let outcome = await calls.export(until: limit) { [exporter, resource] in
      await exporter.export(metrics, of: resource)
    }
    let count = metrics.pointCount
    return switch outcome {
    case .success: ExportResult(exported: count)
    case .failure: ExportResult(exported: 0, dropped: count, reason: .exportFailed)
    case nil: ExportResult(exported: 0, dropped: count, reason: .exportTimeout)
    }
  }

  func forceFlush(deadline: MonotonicInstant) async -> FlushResult {
    await calls.flush(until: deadline) { [exporter] in await exporter.forceFlush(within: $0) }
  }

  func shutdown(deadline: MonotonicInstant) async -> FlushResult {
    await calls.flush(until: deadline) { [exporter] in await exporter.shutdown(within: $0) }
  }
}
