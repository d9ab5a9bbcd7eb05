public import OTLP
public import ServiceContextModule

/// Sees the spans that are recorded (OpenTelemetry specification, "Span processor").
public protocol SpanProcessor: Sendable {
  /// Whether `onStart` is to be called; asked once.
  var observesStart: Bool { get }
  /// Whether `onEnding` is to be called; asked once.
  var observesEnding: Bool { get }
  /// Called on the thread that starts the span, so it must be quick and must not block.
  /// - Parameter context: The one that the span was started in.
  func onStart(_ span: TelemetrySpan, in context: ServiceContext)
  /// Called on the thread that ends the span, after its end was set and before `onEnd` of any
  /// processor, with the same duties. The span can be changed, during the call and by it only.
  func onEnding(_ span: TelemetrySpan)
  /// Called on the thread that ends the span, with the same duties.
  /// - Parameters:
  ///   - span: Complete; valid only during the call. Exporters leave alone what is not sampled.
  ///   - scope: The part of the program that made it.
  func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference)
  /// Hands on whatever it still has.
  /// - Parameter time: How long that may take.
  func forceFlush(within time: Duration) async -> FlushResult
  /// As `forceFlush`, and takes nothing from then on.
  func shutdown(within time: Duration) async -> FlushResult
}

extension SpanProcessor {
  public var observesStart: Bool { false }
  public var observesEnding: Bool { false }
  public func onStart(_ span: TelemetrySpan, in context: ServiceContext) {}
  public func onEnding(_ span: TelemetrySpan) {}
  public func forceFlush(within time: Duration) async -> FlushResult { .success }
  public func shutdown(within time: Duration) async -> FlushResult {
    await forceFlush(within: time)
  }
}

/// Hands every span to several processors, in order.
struct SpanProcessorList: SpanProcessor {
  private let processors: [any SpanProcessor]
  let observesStart: Bool
  let observesEnding: Bool

  init(_ processors: [any SpanProcessor]) {
    self.processors = processors
    observesStart = processors.contains { $0.observesStart }
    observesEnding = processors.contains { $0.observesEnding }
  }

  func onStart(_ span: TelemetrySpan, in context: ServiceContext) {
    for processor in processors where processor.observesStart {
      processor.onStart(span, in: context)
    }
  }

  func onEnding(_ span: TelemetrySpan) {
    for processor in processors where processor.observesEnding { processor.onEnding(span) }
  }

  func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference) {
    for processor in processors { processor.onEnd(span, scope: scope) }
  }
}
