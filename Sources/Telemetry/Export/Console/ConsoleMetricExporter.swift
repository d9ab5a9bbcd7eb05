import Bytes
import OTLP
import Sockets
import Synchronization

/// Shows people what has changed since it was shown last, a line for each series.
final class ConsoleMetricExporter: MetricExporter {
  private struct Series: Hashable {
    let scope: InstrumentationScope
    let name: String
    let attributes: [Attribute]
  }

  private struct State {
    /// What was shown last.
    var shown: [Series: ConsoleMetricValue.Kind] = [:]
    var time = TimestampText()
  }

  private let console: ConsoleOutput
  private let format: ConsoleMetricFormat
  private let state = Mutex(State())

  init(_ console: ConsoleOutput) {
    self.console = console
    format = ConsoleMetricFormat(style: console.style)
  }

  func export(
    _ metrics: [ScopeMetrics], deadline: MonotonicInstant, control: ExportControl
  ) async -> ExportResult {
    state.withLock { state in
      for scope in metrics {
        for metric in scope.metrics { show(metric, of: scope.scope, &state) }
      }
    }
    return ExportResult(exported: metrics.pointCount)
  }

  private func show(
    _ metric: MetricRecord, of scope: InstrumentationScope, _ state: inout State
  ) {
    for value in ConsoleMetricValue.all(of: metric.data) {
      let series = Series(scope: scope, name: metric.name, attributes: value.attributes)
      guard state.shown.updateValue(value.kind, forKey: series) != value.kind else { continue }
      var line = ByteQueue(capacity: 256)
      format.append(metric, value, to: &line, time: &state.time)
      console.write(line)
    }
  }
}
