import HTTP1
public import Instrumentation
import OTLP
import ServiceContextModule

/// Carries the trace in the field `uber-trace-id`, as Jaeger's own clients did. Baggage, which they
/// put into a field for each name, cannot be found without knowing the names, and is not read.
public struct JaegerPropagator: TextMapPropagator {
  private static let field = "uber-trace-id"
  private static let sampledFlag: UInt64 = 0x01

  public init() {}

  public var fields: [String] { [Self.field] }

  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    guard let text = extractor.extract(key: Self.field, from: carrier),
      let found = Self.parse(text)
    else { return }
    context.spanContext = found
  }

  public func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let current = context.spanContext, current.isValid else { return }
    // The third part, the parent's span id, is no longer used and 0.
    let text = "\(current.traceID):\(current.spanID):0:\(current.isSampled ? "1" : "0")"
    injector.inject(text, forKey: Self.field, into: &carrier)
  }

  /// `{trace id}:{span id}:{parent's span id}:{flags}`, all hexadecimal; the colons may be
  /// percent-encoded.
  private static func parse(_ text: String) -> SpanContext? {
    let parts = PercentEncoding.decodeLeniently(String(text[...].trimmed))[...]
      .split(byte: UInt8(ascii: ":"), keepsEmpty: true)
    guard parts.count == 4, let traceID = TraceID(hexDigits: parts[0]),
      let spanID = HexDigits.lowercase(parts[1].utf8), parts[3].utf8.count <= 2,
      let flags = HexDigits.lowercase(parts[3].utf8)
    else { return nil }
    let context = SpanContext(
      traceID: traceID, spanID: SpanID(spanID), flags: flags & sampledFlag == 0 ? [] : .sampled,
      isRemote: true)
    return context.isValid ? context : nil
  }
}
