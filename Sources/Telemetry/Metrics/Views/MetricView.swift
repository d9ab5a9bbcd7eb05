public import OTLP

/// Changes what becomes of the measurements of some instruments (specification, "View").
///
/// Each view that selects an instrument makes one metric of it. An instrument that no view selects
/// is treated as its kind suggests.
public struct MetricView: Sendable {
  /// Which instruments; all that is given has to hold.
  public struct Selector: Sendable {
    /// May have wildcards: `*` for any characters, `?` for one.
    public var name: String?
    public var kind: InstrumentKind?
    public var unit: String?
    public var meterName: String?
    public var meterVersion: String?
    public var meterSchemaURL: String?

    public init(
      name: String? = nil, kind: InstrumentKind? = nil, unit: String? = nil,
      meterName: String? = nil, meterVersion: String? = nil, meterSchemaURL: String? = nil
    ) {
      self.name = name
      self.kind = kind
      self.unit = unit
      self.meterName = meterName
      self.meterVersion = meterVersion
      self.meterSchemaURL = meterSchemaURL
    }
  }

  public let selector: Selector
  /// The metric's name; nil is the instrument's. Only for a selector that selects one
  /// instrument.
  public var name: String?
  /// nil is the instrument's.
  public var description: String?
  /// Which attributes the series have; nil is what the instrument advises, else all. Attributes
  /// that are left out may still be exported with exemplars, unless their filter is `always_off`.
  public var attributes: AttributeFilter?
  public var aggregation = Aggregation.default
  /// How many sets of attributes are kept apart; nil is the reader's.
  public var cardinalityMax: Int?
  /// Makes the exemplar reservoir of a series with these attributes; nil is the aggregation's own.
  public var makeReservoir: (@Sendable ([Attribute]) -> any ExemplarReservoir)?

  private let pattern: NamePattern?

  public init(_ selector: Selector) {
    self.selector = selector
    pattern = selector.name.map { NamePattern($0) }
  }

  /// Whether the selector can select several instruments, which a new name would make one of.
  var isNamingMany: Bool { name != nil && (pattern?.hasWildcard ?? true) }

  func selects(_ instrument: InstrumentDescriptor, of scope: InstrumentationScope) -> Bool {
    func holds<Value: Equatable>(_ wanted: Value?, _ actual: Value) -> Bool {
      wanted.map { $0 == actual } ?? true
    }
    return pattern?.matches(instrument.name) ?? true
      && holds(selector.kind, instrument.kind) && holds(selector.unit, instrument.unit)
      && holds(selector.meterName, scope.name) && holds(selector.meterVersion, scope.version)
      && holds(selector.meterSchemaURL, scope.schemaURL)
  }
}
