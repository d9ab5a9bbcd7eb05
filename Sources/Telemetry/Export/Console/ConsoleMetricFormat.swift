import Bytes
import OTLP

/// The points of a metric as lines for people: time, name, value, unit, attributes.
struct ConsoleMetricFormat {
  let style: ConsoleStyle

  func append(
    _ metric: MetricRecord, _ value: ConsoleMetricValue, to bytes: inout ByteQueue,
    time: inout TimestampText
  ) {
    time.append(timeOfDay: value.unixNanoseconds, to: &bytes)
    style.append(in: .cyan, to: &bytes) { $0.append(" METRIC " as StaticString) }
    style.append(in: .blue, to: &bytes) { style.append(plain: metric.name, to: &$0) }
    bytes.append(UInt8(ascii: " "))
    switch value.kind {
    case .number(let number): append(number, to: &bytes)
    case .distribution(let count, let sum, let minimum, let maximum):
      bytes.append(decimal: count)
      bytes.append(" ×" as StaticString)
      append(" average ", sum.map { $0 / Double(count) }, to: &bytes)
      append(" least ", minimum, to: &bytes)
      append(" most ", maximum, to: &bytes)
    }
    if !metric.unit.isEmpty {
      bytes.append(UInt8(ascii: " "))
      style.append(plain: metric.unit, to: &bytes)
    }
    style.append(value.attributes, to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
  }

  private func append(_ label: StaticString, _ value: Double?, to bytes: inout ByteQueue) {
    guard let value else { return }
    bytes.append(label)
    append(.double(value), to: &bytes)
  }

  /// Fractions with six digits, which is more than anyone reads.
  private func append(_ number: MetricNumber, to bytes: inout ByteQueue) {
    switch number {
    case .int(let value): bytes.append(decimal: value)
    case .double(let value):
      guard value.isFinite else { return bytes.append("\(value)") }
      let magnitude = abs(value)
      let scale = magnitude < 1e9 ? 1e6 : 1
      // Adding zero takes the sign from a zero.
      bytes.append(json: (value * scale).rounded() / scale + 0)
    }
  }
}

/// What is shown of a point.
struct ConsoleMetricValue: Equatable {
  enum Kind: Equatable {
    case number(MetricNumber)
    case distribution(count: UInt64, sum: Double?, minimum: Double?, maximum: Double?)
  }

  let attributes: [Attribute]
  let unixNanoseconds: UInt64
  let kind: Kind

  static func all(of data: MetricData) -> [ConsoleMetricValue] {
    switch data {
    case .gauge(let points), .sum(let points, _, _):
      points.map {
        ConsoleMetricValue(
          attributes: $0.attributes, unixNanoseconds: $0.unixNanoseconds, kind: .number($0.value))
      }
    case .histogram(let points, _):
      points.map {
        ConsoleMetricValue(
          attributes: $0.attributes, unixNanoseconds: $0.unixNanoseconds,
          kind: .distribution(
            count: $0.count, sum: $0.sum, minimum: $0.minimum, maximum: $0.maximum))
      }
    case .exponentialHistogram(let points, _):
      points.map {
        ConsoleMetricValue(
          attributes: $0.attributes, unixNanoseconds: $0.unixNanoseconds,
          kind: .distribution(
            count: $0.count, sum: $0.sum, minimum: $0.minimum, maximum: $0.maximum))
      }
    }
  }
}
