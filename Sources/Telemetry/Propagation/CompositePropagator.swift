package import Instrumentation
import ServiceContextModule

/// Several formats at once: each reads in turn, so that of two that found a trace the later one
/// counts, and each writes (OpenTelemetry specification, "Composite Propagator").
package struct CompositePropagator: Instrument {
  private let propagators: [any Instrument]

  package init(_ propagators: [any Instrument]) { self.propagators = propagators }

  package func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    for propagator in propagators {
      propagator.extract(carrier, into: &context, using: extractor)
    }
  }

  package func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    for propagator in propagators {
      propagator.inject(context, into: &carrier, using: injector)
    }
  }
}
