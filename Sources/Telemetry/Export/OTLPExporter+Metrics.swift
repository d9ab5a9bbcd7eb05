import Bytes
import OTLP

extension OTLPExporter {
  /// A request with metrics that are encoded already, each as a record of the envelope.
  func encode(metrics: borrowing ByteQueue) -> [UInt8] {
    let records = metrics.array()
    let scope = ExportRequestEnvelope.Scope(
      InstrumentationScope(name: "ostack", version: TelemetryVersion.current))
    var body = ByteQueue(capacity: records.count + 1024)
    envelope.append(
      to: &body, groups: [ExportRequestEnvelope.Group(scope: scope, recordBytes: records.count)]
    ) { _, bytes in bytes.append(records) }
    return body.array()
  }
}
