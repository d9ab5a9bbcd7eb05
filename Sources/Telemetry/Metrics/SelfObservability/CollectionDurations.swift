import OTLP

/// The metric `otel.sdk.metric_reader.collection.duration` (OpenTelemetry semantic conventions, "SDK
/// metrics").
struct CollectionDurations: Sendable {
  private let histogram: TelemetryHistogram

  fileprivate init(_ histogram: TelemetryHistogram) { self.histogram = histogram }

  /// What a new reader tells its collections to.
  func observer() -> @Sendable (Duration, _ isComplete: Bool) -> Void {
    let component = TelemetryComponent("periodic_metric_reader", .metrics)
    let complete = histogram.bound(component.attributes)
    let incomplete = histogram.bound(
      component.attributes + [Attribute("error.type", "callback_timeout")])
    return { duration, isComplete in
      (isComplete ? complete : incomplete).record(duration / .seconds(1))
    }
  }
}

extension TelemetryMeter {
  var collectionDurations: CollectionDurations {
    CollectionDurations(
      histogram(
        "otel.sdk.metric_reader.collection.duration", unit: "s",
        description: "How long collections took.", boundaries: []))
  }
}
