/// A queue of records, what drives it, and where it sends them.
struct RecordPipeline: Sendable {
  let component: TelemetryComponent
  let processor: BatchProcessor
  let exporter: OTLPExporter
}
