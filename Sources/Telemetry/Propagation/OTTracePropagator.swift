public import Instrumentation
import OTLP
import ServiceContextModule

/// Carries the trace in the fields `ot-tracer-traceid`, `ot-tracer-spanid` and `ot-tracer-sampled`, as
/// OpenTracing's basic tracers did, with ids of 64 bits: of a longer trace id the right half travels.
/// Baggage, which they put into a field for each name, cannot be found without knowing the names, and
/// is written, not read.
public struct OTTracePropagator: TextMapPropagator {
  private static let traceID = "ot-tracer-traceid"
  private static let spanID = "ot-tracer-spanid"
  private static let sampled = "ot-tracer-sampled"
  private static let baggagePrefix = "ot-baggage-"

  public init() {}

  public var fields: [String] { [Self.traceID, Self.spanID, Self.sampled] }

  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    guard let trace = extractor.extract(key: Self.traceID, from: carrier),
      let span = extractor.extract(key: Self.spanID, from: carrier),
      let traceID = TraceID(hexDigits: trace[...].trimmed),
      let spanID = HexDigits.lowercase(span[...].trimmed.utf8)
    else { return }
    let isSampled = switch extractor.extract(key: Self.sampled, from: carrier) {
    case "true", "1": true
    default: false
    }
    let found = SpanContext(
      traceID: traceID, spanID: SpanID(spanID), flags: isSampled ? .sampled : [], isRemote: true)
    if found.isValid { context.spanContext = found }
  }

  public func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let current = context.spanContext, current.isValid else { return }
    let half = TraceID(high: 0, low: current.traceID.low)
    injector.inject(String("\(half)".suffix(16)), forKey: Self.traceID, into: &carrier)
    injector.inject("\(current.spanID)", forKey: Self.spanID, into: &carrier)
    injector.inject(current.isSampled ? "true" : "false", forKey: Self.sampled, into: &carrier)
    for member in context.baggage?.members ?? [] {
      injector.inject(member.value, forKey: Self.baggagePrefix + member.name, into: &carrier)
    }
  }
}
