import Bytes
package import OTLP
package import Sockets

extension OTLPExporter: MetricExporter {
  package func export(
    _ metrics: [ScopeMetrics], deadline: MonotonicInstant, control: ExportControl
  ) async -> ExportResult {
    let (body, count) = (encode(metrics), metrics.pointCount)
    // In halves, until each fits into a request.
    if count > 1, mayBeTooLarge(bytes: body.count), sender.isTooLarge(body) {
      var total = ExportResult(exported: 0)
      for part in MetricBatches.split(metrics, pointsMax: (count + 1) / 2) {
        total.add(await export(part, deadline: deadline, control: control))
      }
      return total
    }
    return await export(body: body, recordCount: count, deadline: deadline, control: control)
  }

  /// A request with these metrics.
  func encode(_ metrics: [ScopeMetrics]) -> [UInt8] {
    var records = ByteQueue(capacity: 16_384)
    var groups: [ExportRequestEnvelope.Group] = []
    var ends: [Int] = [0]
    for scope in metrics {
      let start = records.count
      for metric in scope.metrics {
        records.append(field: ExportRequestEnvelope.recordField, metric: metric)
      }
      groups.append(
        ExportRequestEnvelope.Group(
          scope: ExportRequestEnvelope.Scope(scope.scope), recordBytes: records.count - start))
      ends.append(records.count)
    }
    var body = ByteQueue(capacity: records.count + 1_024)
    envelope.append(to: &body, groups: groups) { index, bytes in
      records.withUnsafeBytes {
        bytes.append(UnsafeRawBufferPointer(rebasing: $0[ends[index]..<ends[index + 1]]))
      }
    }
    return body.array()
  }
}
