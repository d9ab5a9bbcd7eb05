import Bytes
import OTLP

/// A series as a line for people: time, name, value, unit, attributes.
struct ConsoleMetricFormat {
  let style: ConsoleStyle

  func append(
    _ identity: MetricIdentity, _ key: SeriesKey, _ point: MetricPoint, now: UInt64,
    to bytes: inout ByteQueue, time: inout TimestampText
  ) {
    time.append(timeOfDay: now, to: &bytes)
    style.append(in: .cyan, to: &bytes) { $0.append(" METRIC " as StaticString) }
    style.append(in: .blue, to: &bytes) { style.append(plain: identity.name, to: &$0) }
    bytes.append(UInt8(ascii: " "))
    switch point {
    case .integer(let value): bytes.append(decimal: value)
    case .double(let value): bytes.append(json: value)
    case .histogram(let histogram): append(histogram, to: &bytes)
    }
    if !identity.unit.isEmpty {
      bytes.append(UInt8(ascii: " "))
      style.append(plain: identity.unit, to: &bytes)
    }
    style.append(key.attributes.map { Attribute($0[0], .string($0[1])) }, to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
  }

  private func append(_ histogram: MetricPoint.Histogram, to bytes: inout ByteQueue) {
    bytes.append(decimal: histogram.count)
    guard histogram.count > 0 else { return }
    bytes.append(" × average " as StaticString)
    bytes.append(json: histogram.sum / Double(histogram.count))
    bytes.append(", from " as StaticString)
    bytes.append(json: histogram.minimum)
    bytes.append(" to " as StaticString)
    bytes.append(json: histogram.maximum)
  }
}
