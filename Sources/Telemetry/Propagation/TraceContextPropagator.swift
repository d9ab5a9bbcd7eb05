public import Instrumentation
import ServiceContextModule

/// Carries the trace in the fields `traceparent` and `tracestate` (W3C Trace Context).
public struct TraceContextPropagator: TextMapPropagator {
  public init() {}

  public var fields: [String] { ["traceparent", "tracestate"] }

  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    guard let text = extractor.extract(key: "traceparent", from: carrier),
      let parent = TraceParent.parse(text)
    else { return }
    let state = extractor.extract(key: "tracestate", from: carrier).map(TraceState.normalize)
    context.spanContext = SpanContext(
      traceID: parent.traceID, spanID: parent.spanID, flags: parent.flags,
      traceState: state ?? "", isRemote: true)
  }

  public func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let current = context.spanContext, current.isValid else { return }
    injector.inject(TraceParent.format(current), forKey: "traceparent", into: &carrier)
    if !current.traceState.isEmpty {
      injector.inject(current.traceState, forKey: "tracestate", into: &carrier)
    }
  }
}
