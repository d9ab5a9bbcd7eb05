package import OTLP
package import ServiceContextModule

/// Sees the spans that are recorded (OpenTelemetry specification, "Span processor").
package protocol SpanProcessor: Sendable {
  /// Whether `onStart` is to be called; asked once.
  var observesStart: Bool { get }
  /// Called on the thread that starts the span, so it must be quick and must not block.
  /// - Parameter context: The one that the span was started in.
  func onStart(_ span: TelemetrySpan, in context: ServiceContext)
  /// Called on the thread that ends the span, with the same duties.
  /// - Parameters:
  ///   - span: Complete; valid only during the call. Exporters leave alone what is not sampled.
  ///   - scope: The index of its instrumentation scope in the `ScopeTable`.
  func onEnd(_ span: borrowing SpanRecord, scope: Int)
}

extension SpanProcessor {
  package var observesStart: Bool { false }
  package func onStart(_ span: TelemetrySpan, in context: ServiceContext) {}
}

/// Hands every span to several processors, in order.
package struct SpanProcessorList: SpanProcessor {
  private let processors: [any SpanProcessor]
  package let observesStart: Bool

  package init(_ processors: [any SpanProcessor]) {
    self.processors = processors
    observesStart = processors.contains { $0.observesStart }
  }

  package func onStart(_ span: TelemetrySpan, in context: ServiceContext) {
    for processor in processors where processor.observesStart {
      processor.onStart(span, in: context)
    }
  }

  package func onEnd(_ span: borrowing SpanRecord, scope: Int) {
    for processor in processors { processor.onEnd(span, scope: scope) }
  }
}
