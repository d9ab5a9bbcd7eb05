import OTLP

/// Cuts what was collected into batches of a bounded number of points, in order, each but the last
/// one full (specification, "Periodic exporting MetricReader", `maxExportBatchSize`).
enum MetricBatches {
  static func split(_ scopes: [ScopeMetrics], pointsMax: Int) -> [[ScopeMetrics]] {
    var batches: [[ScopeMetrics]] = []
    var batch: [ScopeMetrics] = []
    var room = pointsMax
    for scope in scopes {
      for metric in scope.metrics {
        var next = 0
        let count = metric.data.pointCount
        while next < count {
          let taken = min(room, count - next)
          var part = metric
          if taken < count { part.data = metric.data.points(in: next..<next + taken) }
          append(part, of: scope.scope, to: &batch)
          next += taken
          room -= taken
          guard room == 0 else { continue }
          batches.append(batch)
          batch = []
          room = pointsMax
        }
      }
    }
    if !batch.isEmpty { batches.append(batch) }
    return batches
  }

  private static func append(
    _ metric: MetricRecord, of scope: InstrumentationScope, to batch: inout [ScopeMetrics]
  ) {
    if batch.last?.scope == scope {
      batch[batch.count - 1].metrics.append(metric)
    } else {
      batch.append(ScopeMetrics(scope: scope, metrics: [metric]))
    }
  }
}

extension [ScopeMetrics] {
  var pointCount: Int {
    reduce(0) { $0 + $1.metrics.reduce(0) { $0 + $1.data.pointCount } }
  }
}
