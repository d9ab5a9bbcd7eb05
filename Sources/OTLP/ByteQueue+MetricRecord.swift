package import Bytes

/// Encoder of opentelemetry-proto `metrics.v1`.
extension ByteQueue {
  /// Appends a `Metric` field.
  package mutating func append(field: Int, metric: borrowing MetricRecord) {
    let mark = beginMessage(field: field)
    append(field: MetricField.name, string: metric.name)
    if !metric.description.isEmpty {
      append(field: MetricField.description, string: metric.description)
    }
    if !metric.unit.isEmpty { append(field: MetricField.unit, string: metric.unit) }
    append(metric.data)
    endMessage(mark)
  }

  private mutating func append(_ data: MetricData) {
    switch data {
    case .gauge(let points):
      let mark = beginMessage(field: MetricField.gauge)
      for point in points { append(field: DataField.points, point: point) }
      endMessage(mark)
    case .sum(let points, let temporality, let isMonotonic):
      let mark = beginMessage(field: MetricField.sum)
      for point in points { append(field: DataField.points, point: point) }
      append(field: DataField.temporality, varint: UInt64(temporality.rawValue))
      if isMonotonic { append(field: DataField.isMonotonic, bool: true) }
      endMessage(mark)
    case .histogram(let points, let temporality):
      let mark = beginMessage(field: MetricField.histogram)
      for point in points { append(field: DataField.points, histogram: point) }
      append(field: DataField.temporality, varint: UInt64(temporality.rawValue))
      endMessage(mark)
    case .exponentialHistogram(let points, let temporality):
      let mark = beginMessage(field: MetricField.exponentialHistogram)
      for point in points { append(field: DataField.points, exponentialHistogram: point) }
      append(field: DataField.temporality, varint: UInt64(temporality.rawValue))
      endMessage(mark)
    }
  }

  private mutating func append(field: Int, point: NumberPoint) {
    let mark = beginMessage(field: field)
    appendInterval(point.startUnixNanoseconds, point.unixNanoseconds)
    switch point.value {
    case .double(let value): append(field: 4, double: value)
    case .int(let value): append(field: 6, sfixed64: value)
    }
    for exemplar in point.exemplars { append(field: 5, exemplar: exemplar) }
    append(field: 7, attributes: point.attributes)
    endMessage(mark)
  }

  private mutating func append(field: Int, histogram point: HistogramPoint) {
    let mark = beginMessage(field: field)
    appendInterval(point.startUnixNanoseconds, point.unixNanoseconds)
    append(field: 4, fixed64: point.count)
    if let sum = point.sum { append(field: 5, double: sum) }
    append(field: 6, packedFixed64: point.bucketCounts)
    append(field: 7, packedDoubles: point.boundaries)
    for exemplar in point.exemplars { append(field: 8, exemplar: exemplar) }
    append(field: 9, attributes: point.attributes)
    if let minimum = point.minimum { append(field: 11, double: minimum) }
    if let maximum = point.maximum { append(field: 12, double: maximum) }
    endMessage(mark)
  }

  private mutating func append(
    field: Int, exponentialHistogram point: ExponentialHistogramPoint
  ) {
    let mark = beginMessage(field: field)
    append(field: 1, attributes: point.attributes)
    appendInterval(point.startUnixNanoseconds, point.unixNanoseconds)
    append(field: 4, fixed64: point.count)
    if let sum = point.sum { append(field: 5, double: sum) }
    append(field: 6, sint: Int64(point.scale))
    append(field: 7, fixed64: point.zeroCount)
    append(field: 8, buckets: point.positive)
    append(field: 9, buckets: point.negative)
    for exemplar in point.exemplars { append(field: 11, exemplar: exemplar) }
    if let minimum = point.minimum { append(field: 12, double: minimum) }
    if let maximum = point.maximum { append(field: 13, double: maximum) }
    endMessage(mark)
  }

  private mutating func append(field: Int, buckets: ExponentialHistogramPoint.Buckets) {
    guard !buckets.counts.isEmpty else { return }
    let mark = beginMessage(field: field)
    append(field: 1, sint: Int64(buckets.offset))
    append(field: 2, packedVarints: buckets.counts)
    endMessage(mark)
  }

  /// `start_time_unix_nano` and `time_unix_nano` have the same numbers in all kinds of points.
  private mutating func appendInterval(_ start: UInt64, _ end: UInt64) {
    if start > 0 { append(field: 2, fixed64: start) }
    append(field: 3, fixed64: end)
  }

  private mutating func append(field: Int, exemplar: Exemplar) {
    let mark = beginMessage(field: field)
    append(field: 2, fixed64: exemplar.unixNanoseconds)
    switch exemplar.value {
    case .double(let value): append(field: 3, double: value)
    case .int(let value): append(field: 6, sfixed64: value)
    }
    if exemplar.traceID.isValid, exemplar.spanID.isValid {
      append(field: 4, spanID: exemplar.spanID)
      append(field: 5, traceID: exemplar.traceID)
    }
    append(field: 7, attributes: exemplar.filteredAttributes)
    endMessage(mark)
  }
}

private enum MetricField {
  static let name = 1
  static let description = 2
  static let unit = 3
  static let gauge = 5
  static let sum = 7
  static let histogram = 9
  static let exponentialHistogram = 10
}

/// `Gauge`, `Sum`, `Histogram` and `ExponentialHistogram` number their fields alike.
private enum DataField {
  static let points = 1
  static let temporality = 2
  static let isMonotonic = 3
}
