import OTLP
import ServiceContextModule
import Sockets

/// Takes log records to an exporter of the program.
struct LogExportProcessor: LogRecordProcessor {
  let component: TelemetryComponent
  private let processor: ItemProcessor<ReadableLogRecord>
  private let resource: ResourceMessage

  init(
    _ plugged: PluggedExporter<any LogRecordExporter>, batching: TelemetryConfiguration.Batching,
    resource: ResourceMessage, loop: EventLoop
  ) {
    let batching = plugged.batching ?? batching
    let exporter = plugged.exporter
    component = .processor(.logs, batching)
    self.resource = resource
    processor = ItemProcessor(batching: batching, exporter: exporter, loop: loop) {
      await exporter.export($0)
    }
  }

  var statistics: ProcessorStatistics { processor.statistics }

  func onEmit(_ record: inout LogRecord, scope: ScopeReference, context: ServiceContext) {
    processor.append(ReadableLogRecord(record: record, scope: scope.scope, resource: resource))
  }

  func forceFlush(within time: Duration) async -> FlushResult {
    await processor.forceFlush(within: time)
  }

  func shutdown(within time: Duration) async -> FlushResult {
    await processor.shutdown(within: time)
  }
}
