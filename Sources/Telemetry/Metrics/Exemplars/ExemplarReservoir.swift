public import OTLP
public import ServiceContextModule

/// Chooses which measurements of one series become exemplars (specification, "ExemplarReservoir").
///
/// A view may bring its own; each series has one to itself. It is asked only for measurements that
/// the exemplar filter lets pass.
public protocol ExemplarReservoir: AnyObject, Sendable {
  /// Offers a measurement.
  /// - Returns: How many of the next measurements need not be offered: those of the same bucket,
  ///   when the series is a histogram with explicit bounds.
  func offer(_ measurement: ExemplarMeasurement) -> UInt32
  /// What was chosen since the last time; begins anew.
  func collect() -> [Exemplar]
}

/// A measurement that may become an exemplar.
public struct ExemplarMeasurement: Sendable {
  public let value: MetricNumber
  public let unixNanoseconds: UInt64
  /// The attributes that the series does not have. With those of the series, which the reservoir
  /// was made with, they are all attributes of the measurement.
  public let filteredAttributes: [Attribute]
  /// nil outside of any context.
  public let context: ServiceContext?

  /// As an exemplar with the span that is active in its context.
  public var exemplar: Exemplar {
    let span = context?.spanContext
    return Exemplar(
      value: value, unixNanoseconds: unixNanoseconds, filteredAttributes: filteredAttributes,
      traceID: span?.traceID ?? .invalid, spanID: span?.spanID ?? .invalid)
  }
}
