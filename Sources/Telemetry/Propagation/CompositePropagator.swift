public import Instrumentation
import ServiceContextModule

/// Several formats at once: each reads in turn, so that of two that found a trace the later one
/// counts, and each writes (OpenTelemetry specification, "Composite Propagator").
public struct CompositePropagator: TextMapPropagator {
  private let propagators: [any TextMapPropagator]

  public init(_ propagators: [any TextMapPropagator]) { self.propagators = propagators }

  public var fields: [String] {
    propagators.flatMap(\.fields).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    for propagator in propagators {
      propagator.extract(carrier, into: &context, using: extractor)
    }
  }

  public func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    for propagator in propagators {
      propagator.inject(context, into: &carrier, using: injector)
    }
  }
}
