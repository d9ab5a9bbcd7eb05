/// What can be known of an instrument beyond its name, which is all that swift-metrics can say.
public struct InstrumentDescription: Sendable, Equatable {
  /// Whether what a swift-metrics `Meter` measures may be added up over series.
  public enum MeterKind: Sendable {
    /// It may: the number of things under way, for example.
    case upDownCounter
    /// It may not: a temperature, for example.
    case gauge
  }

  /// As the instrument is created; case does not matter.
  public let name: String
  /// What one of its values is, for people.
  public let text: String
  /// In UCUM's case-sensitive notation, at most 63 characters; `{…}` counts things.
  public let unit: String
  /// The upper bounds of a histogram's buckets, inclusive; nil are the specification's.
  public var boundaries: [Double]?
  /// What a `Meter` of this name is; nil is told by its first use.
  public var meterKind: MeterKind?
  /// Whether a `Meter` or `Gauge` of this name has whole numbers only.
  public var isInteger: Bool

  public init(
    _ name: String, _ unit: String, _ text: String, boundaries: [Double]? = nil,
    meterKind: MeterKind? = nil, isInteger: Bool = false
  ) {
    self.name = name
    self.text = text
    self.unit = unit
    self.boundaries = boundaries
    self.meterKind = meterKind
    self.isInteger = isInteger
  }
}
