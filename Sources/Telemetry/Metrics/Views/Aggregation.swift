/// How the measurements of an instrument become points (specification, "Aggregation").
public enum Aggregation: Sendable, Equatable {
  /// Whatever suits the kind of the instrument.
  case `default`
  /// Nothing is kept.
  case drop
  case sum
  case lastValue
  /// - Parameter boundaries: Upper bounds, inclusive, rising and finite.
  case explicitBucketHistogram(
    boundaries: [Double] = Aggregation.defaultBoundaries, recordsMinMax: Bool = true)
  /// - Parameters:
  ///   - bucketsMax: For positive and for negative numbers each, at least 2.
  ///   - scaleMax: From -10 to 20.
  case base2ExponentialHistogram(
    bucketsMax: Int = 160, scaleMax: Int = 20, recordsMinMax: Bool = true)

  /// The specification's bounds, for measurements of which nothing is known.
  public static let defaultBoundaries: [Double] = [
    0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
  ]

  /// Why it cannot be used for instruments of this kind; nil when it can.
  func objection(for kind: InstrumentKind) -> String? {
    switch self {
    case .default, .drop, .sum: nil
    case .lastValue:
      kind == .gauge || kind == .observableGauge ? nil : "only a gauge has a last value"
    case .explicitBucketHistogram(let boundaries, _):
      if kind.isObservable {
        "what is observed has no distribution"
      } else if !BucketBoundaries.isValid(boundaries) {
        "bucket boundaries have to rise and to be finite"
      } else {
        nil
      }
    case .base2ExponentialHistogram(let bucketsMax, let scaleMax, _):
      if kind.isObservable {
        "what is observed has no distribution"
      } else if bucketsMax < 2 || bucketsMax > 16_384 {
        "there have to be from 2 to 16,384 buckets"
      } else if scaleMax < ExponentialIndex.scaleMin || scaleMax > ExponentialIndex.scaleMax {
        "the scale is from -10 to 20"
      } else {
        nil
      }
    }
  }
}
