public import Instrumentation
import OTLP
import ServiceContextModule

/// Carries the trace as Zipkin does (openzipkin/b3-propagation), in one field or in several. Both
/// are read, the one field first; one is written.
///
/// A caller that leaves the decision to sample open counts as not sampled. Its wish to debug goes
/// with the context and is passed on.
public struct B3Propagator: TextMapPropagator {
  public enum Encoding: Sendable {
    /// `b3`
    case single
    /// `X-B3-TraceId`, `X-B3-SpanId`, `X-B3-Sampled`, `X-B3-Flags`
    case multiple
  }

  private let encoding: Encoding

  public init(_ encoding: Encoding) { self.encoding = encoding }

  public var fields: [String] {
    switch encoding {
    case .single: ["b3"]
    case .multiple: ["X-B3-TraceId", "X-B3-SpanId", "X-B3-Sampled", "X-B3-Flags"]
    }
  }

  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    let single = extractor.extract(key: "b3", from: carrier).flatMap(Self.parse)
    guard let found = single ?? Self.multiple(carrier, extractor) else { return }
    context.spanContext = SpanContext(
      traceID: found.traceID, spanID: found.spanID,
      flags: found.decision == .deny ? [] : .sampled, isRemote: true)
    context[DebugKey.self] = found.decision == .debug ? true : nil
  }

  public func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let current = context.spanContext, current.isValid else { return }
    let isDebug = context[DebugKey.self] == true
    let sampled = current.isSampled ? "1" : "0"
    switch encoding {
    case .single:
      let text = "\(current.traceID)-\(current.spanID)-\(isDebug ? "d" : sampled)"
      injector.inject(text, forKey: "b3", into: &carrier)
    case .multiple:
      injector.inject("\(current.traceID)", forKey: "X-B3-TraceId", into: &carrier)
      injector.inject("\(current.spanID)", forKey: "X-B3-SpanId", into: &carrier)
      // The wish to debug implies the decision.
      injector.inject(
        isDebug ? "1" : sampled, forKey: isDebug ? "X-B3-Flags" : "X-B3-Sampled", into: &carrier)
    }
  }

  private enum DebugKey: ServiceContextKey {
    typealias Value = Bool
    static var nameOverride: String? { "b3-debug" }
  }

  private enum Decision { case accept, deny, debug }

  private struct Found {
    var traceID: TraceID
    var spanID: SpanID
    var decision = Decision.deny

    /// The ids as text, the trace's with 16 or 32 digits.
    init?(traceID: Substring, spanID: Substring) {
      guard traceID.utf8.count == 16 || traceID.utf8.count == 32, spanID.utf8.count == 16,
        let trace = TraceID(hexDigits: traceID), let span = HexDigits.lowercase(spanID.utf8),
        trace.isValid, span != 0
      else { return nil }
      self.traceID = trace
      self.spanID = SpanID(span)
    }
  }

  /// `{trace id}-{span id}[-{decision}[-{parent's span id}]]`
  private static func parse(_ text: String) -> Found? {
    let parts = text[...].trimmed.split(byte: UInt8(ascii: "-"), keepsEmpty: true)
    guard (2...4).contains(parts.count), var found = Found(traceID: parts[0], spanID: parts[1])
    else { return nil }
    if parts.count > 2 {
      switch parts[2] {
      case "0": break
      case "1": found.decision = .accept
      case "d": found.decision = .debug
      default: return nil
      }
    }
    return found
  }

  private static func multiple<Carrier, Extract: Extractor>(
    _ carrier: Carrier, _ extractor: Extract
  ) -> Found? where Extract.Carrier == Carrier {
    guard let traceID = extractor.extract(key: "X-B3-TraceId", from: carrier),
      let spanID = extractor.extract(key: "X-B3-SpanId", from: carrier),
      var found = Found(traceID: traceID[...].trimmed, spanID: spanID[...].trimmed)
    else { return nil }
    switch extractor.extract(key: "X-B3-Sampled", from: carrier) {
    // Early implementations wrote the word.
    case "1", "true": found.decision = .accept
    default: break
    }
    if extractor.extract(key: "X-B3-Flags", from: carrier) == "1" { found.decision = .debug }
    return found
  }
}

extension TraceID {
  /// An id of 1 to 32 lower-case hexadecimal digits; those that are missing in front are zero.
  init?(hexDigits text: Substring) {
    let digits = text.utf8
    guard (1...32).contains(digits.count), let low = HexDigits.lowercase(digits.suffix(16))
    else { return nil }
    let front = digits.dropLast(16)
    guard let high = front.isEmpty ? 0 : HexDigits.lowercase(front) else { return nil }
    self.init(high: high, low: low)
  }
}
