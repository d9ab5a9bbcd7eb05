import OTLP
import ServiceContextModule
import Sockets

/// Takes sampled spans to an exporter of the program.
struct SpanExportProcessor: SpanProcessor {
  let component: TelemetryComponent
  private let processor: ItemProcessor<ReadableSpan>
  private let resource: ResourceMessage

  init(
    _ plugged: PluggedExporter<any SpanExporter>, batching: TelemetryConfiguration.Batching,
    resource: ResourceMessage, loop: EventLoop
  ) {
    let batching = plugged.batching ?? batching
    let exporter = plugged.exporter
    component = .processor(.traces, batching)
    self.resource = resource
    processor = ItemProcessor(batching: batching, exporter: exporter, loop: loop) {
      await exporter.export($0)
    }
  }

  var statistics: ProcessorStatistics { processor.statistics }

  func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference) {
    guard span.isSampled else { return }
    processor.append(ReadableSpan(record: copy span, scope: scope.scope, resource: resource))
  }

  func forceFlush(within time: Duration) async -> FlushResult {
    await processor.forceFlush(within: time)
  }

  func shutdown(within time: Duration) async -> FlushResult {
    await processor.shutdown(within: time)
  }
}
