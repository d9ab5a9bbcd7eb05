public import ServiceContextModule

/// One key holds the active span, and through it the span context.
private enum ActiveSpanKey: ServiceContextKey {
  typealias Value = TelemetrySpan
  static var nameOverride: String? { "telemetry-span" }
}

extension ServiceContext {
  /// The span that work in this context belongs to: one of this process, or one that stands for the
  /// remote caller.
  public var activeSpan: TelemetrySpan? {
    get { self[ActiveSpanKey.self] }
    set { self[ActiveSpanKey.self] = newValue }
  }

  /// What identifies the active span. Setting it makes a context that was extracted from a request
  /// the parent of the spans to come.
  public var spanContext: SpanContext? {
    get { activeSpan?.spanContext }
    set {
      let base = withoutSpan
      self = base
      if let newValue { activeSpan = TelemetrySpan(nonRecording: newValue, in: base) }
    }
  }

  /// This context without its span. A span keeps that one: one that kept its parent too would keep
  /// all its ancestors alive.
  var withoutSpan: ServiceContext {
    guard activeSpan != nil else { return self }
    if count == 1 { return .topLevel }
    var copy = self
    copy.activeSpan = nil
    return copy
  }
}
