import OTLP
import ServiceContextModule
import Synchronization

/// How exemplars of one metric stream are chosen; shared by its series. There is none when the
/// filter lets nothing pass, so that nothing is spent on exemplars then.
final class ExemplarPolicy: Sendable {
  private let filter: TelemetryConfiguration.ExemplarFilter
  private let makeReservoir: @Sendable ([Attribute]) -> any ExemplarReservoir
  private let unixNanoseconds: @Sendable () -> UInt64

  /// - Parameter makeReservoir: Makes the reservoir of a series with these attributes.
  init?(
    filter: TelemetryConfiguration.ExemplarFilter,
    unixNanoseconds: @escaping @Sendable () -> UInt64,
    makeReservoir: @escaping @Sendable ([Attribute]) -> any ExemplarReservoir
  ) {
    if filter == .alwaysOff { return nil }
    self.filter = filter
    self.unixNanoseconds = unixNanoseconds
    self.makeReservoir = makeReservoir
  }

  func reservoir(for attributes: [Attribute]) -> any ExemplarReservoir {
    makeReservoir(attributes)
  }

  /// Offers a measurement that is being made now to `reservoir`, if it may become an exemplar, and
  /// tells `gate` what came of it.
  func offer(
    _ value: MetricNumber, filtered: [Attribute], to reservoir: any ExemplarReservoir,
    _ gate: inout ExemplarGate
  ) {
    let context = ServiceContext.current
    guard filter == .alwaysOn || context?.spanContext?.isSampled == true else {
      return gate.missed()
    }
    let skip = reservoir.offer(
      ExemplarMeasurement(
        value: value, unixNanoseconds: unixNanoseconds(), filteredAttributes: filtered,
        context: context))
    gate.took(skip: skip)
  }
}
