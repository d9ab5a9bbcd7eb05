import Bytes
import OTLP

extension ByteQueue {
  /// Appends a `Metric` (opentelemetry-proto `metrics.v1`), cumulative.
  /// - Returns: How many points it has.
  mutating func append(
    metric identity: MetricIdentity, text: String?, points: [(SeriesKey, MetricPoint)],
    start: UInt64, now: UInt64
  ) -> Int {
    let metric = beginMessage(field: ExportRequestEnvelope.recordField)
    append(field: 1, string: identity.name)
    if let text { append(field: 2, string: text) }
    if !identity.unit.isEmpty { append(field: 3, string: identity.unit) }
    let data = beginMessage(field: identity.dataField)
    for (key, point) in points {
      let mark = beginMessage(field: 1)
      switch point {
      case .histogram(let histogram): append(histogram, key, start, now)
      case .integer(let value):
        appendNumberHead(key, start, now)
        append(field: 6, sfixed64: value)
      case .double(let value):
        appendNumberHead(key, start, now)
        append(field: 4, double: value)
      }
      endMessage(mark)
    }
    if identity.kind != .gauge { append(field: 2, varint: 2) }
    if identity.kind == .counter { append(field: 3, bool: true) }
    endMessage(data)
    endMessage(metric)
    return points.count
  }

  private mutating func appendNumberHead(_ key: SeriesKey, _ start: UInt64, _ now: UInt64) {
    append(field: 2, fixed64: start)
    append(field: 3, fixed64: now)
    appendAttributes(key, field: 7)
  }

  private mutating func append(
    _ histogram: MetricPoint.Histogram, _ key: SeriesKey, _ start: UInt64, _ now: UInt64
  ) {
    append(field: 2, fixed64: start)
    append(field: 3, fixed64: now)
    append(field: 4, fixed64: histogram.count)
    append(field: 5, double: histogram.sum)
    append(field: 6, packedFixed64: histogram.bucketCounts)
    append(field: 7, packedDoubles: histogram.boundaries)
    for case let exemplar? in histogram.exemplars { append(exemplar) }
    appendAttributes(key, field: 9)
    if histogram.count > 0 {
      append(field: 11, double: histogram.minimum)
      append(field: 12, double: histogram.maximum)
    }
  }

  private mutating func append(_ exemplar: MetricPoint.Exemplar) {
    let mark = beginMessage(field: 8)
    append(field: 2, fixed64: exemplar.unixNanoseconds)
    append(field: 3, double: exemplar.value)
    append(field: 4, spanID: exemplar.spanID)
    append(field: 5, traceID: exemplar.traceID)
    endMessage(mark)
  }

  private mutating func appendAttributes(_ key: SeriesKey, field: Int) {
    for pair in key.attributes {
      // swift-metrics knows texts only; numbers of the conventions stay numbers.
      if let number = Int64(pair[1]), pair[0].hasSuffix("status_code") || pair[0].hasSuffix(".port")
      {
        append(field: field, attribute: Attribute(pair[0], .int(number)))
      } else if pair[0] == "otel.metric.overflow" {
        append(field: field, attribute: Attribute(pair[0], .bool(true)))
      } else {
        append(field: field, key: pair[0], string: pair[1])
      }
    }
  }
}

extension MetricIdentity {
  /// The field of `Metric` that holds the points.
  fileprivate var dataField: Int {
    switch kind {
    case .gauge: 5
    case .counter, .upDownCounter: 7
    case .histogram: 9
    }
  }
}
