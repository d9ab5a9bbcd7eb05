public import Instrumentation
import ServiceContextModule

/// Carries baggage in the field `baggage` (W3C Baggage).
public struct BaggagePropagator: TextMapPropagator {
  public init() {}

  public var fields: [String] { ["baggage"] }

  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    guard let text = extractor.extract(key: "baggage", from: carrier) else { return }
    let baggage = Baggage(parsing: text)
    // What cannot be read changes nothing.
    if !baggage.isEmpty { context.baggage = baggage }
  }

  public func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let baggage = context.baggage else { return }
    injector.inject(baggage.text, forKey: "baggage", into: &carrier)
  }
}
