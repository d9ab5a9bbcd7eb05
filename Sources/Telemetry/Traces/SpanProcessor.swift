package import OTLP

/// Receives every sampled span when it ends (OpenTelemetry specification, "Span processor").
package protocol SpanProcessor: Sendable {
  /// Called on the thread that ends the span, so it must be quick and must not block.
  /// - Parameters:
  ///   - span: Complete; valid only during the call.
  ///   - scope: The index of its instrumentation scope in the `ScopeTable`.
  func onEnd(_ span: borrowing SpanRecord, scope: Int)
}

/// Hands every span to several processors, in order.
package struct SpanProcessorList: SpanProcessor {
  private let processors: [any SpanProcessor]

  package init(_ processors: [any SpanProcessor]) { self.processors = processors }

  package func onEnd(_ span: borrowing SpanRecord, scope: Int) {
    for processor in processors { processor.onEnd(span, scope: scope) }
  }
}
