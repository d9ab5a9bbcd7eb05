public import Instrumentation

/// Carries context as texts in named fields (OpenTelemetry specification, "TextMap Propagator"):
/// what swift-distributed-tracing calls an instrument, with the names it writes.
///
/// Reading never fails: what is malformed leaves the context as it was.
public protocol TextMapPropagator: Instrument {
  /// The names of the fields that `inject` may write, as it writes them; who sends a request again
  /// has to remove them first.
  var fields: [String] { get }
}
