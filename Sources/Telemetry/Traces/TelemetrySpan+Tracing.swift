import OTLP
public import Tracing

/// The span of swift-distributed-tracing. `end()`, `recordError(_:)` and their kin come with the
/// protocol.
extension TelemetrySpan: Tracing.Span {
  public var operationName: String {
    get { name }
    set { name = newValue }
  }

  public func setStatus(_ status: SpanStatus) {
    switch status.code {
    case .ok: setStatus(.ok)
    case .error: setStatus(.error, message: status.message ?? "")
    }
  }

  public func addEvent(_ event: SpanEvent) {
    guard isRecording else { return }
    addEvent(
      event.name, attributes: [Attribute](event.attributes), at: event.nanosecondsSinceEpoch)
  }

  public func recordError<Instant: TracerInstant>(
    _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
  ) {
    guard isRecording else { return }
    recordException(
      error, attributes: [Attribute](attributes), at: instant().nanosecondsSinceEpoch)
  }

  public func addLink(_ link: SpanLink) {
    guard let linked = link.context.spanContext else { return }
    addLink(to: linked, attributes: [Attribute](link.attributes))
  }

  public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
    end(at: instant().nanosecondsSinceEpoch)
  }

  /// All attributes as a dictionary. Each access copies them all: `setAttribute` is the cheap way.
  public var attributes: SpanAttributes {
    get {
      withRecord { record in
        var attributes = SpanAttributes()
        for attribute in record.attributes {
          guard let value = SpanAttribute(attribute.value) else { continue }
          attributes.set(attribute.key, value: value)
        }
        return attributes
      }
    }
    set {
      guard isRecording else { return }
      // Outside the lock: a description is the program's code.
      let attributes = [Attribute](newValue)
      update { record, provider in
        // What the dictionary could not show was not taken away by its absence there.
        record.attributes.removeAll { attribute in
          newValue.get(attribute.key) == nil && SpanAttribute(attribute.value) != nil
        }
        provider.attributeLimits.setAll(
          attributes, in: &record.attributes, dropped: &record.droppedAttributesCount)
      }
    }
  }
}
