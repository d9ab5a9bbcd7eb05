package import OTLP

/// Decides which spans are recorded (OpenTelemetry specification, "Sampler").
package protocol Sampler: Sendable, CustomStringConvertible {
  func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult
}

/// What is known of a span before it exists.
package struct SamplingParameters: Sendable {
  /// nil for a root span.
  package let parent: SpanContext?
  package let traceID: TraceID
  package let name: String
  package let kind: SpanRecord.Kind
  package let attributes: [Attribute]
  package let links: [SpanRecord.Link]

  package init(
    parent: SpanContext?, traceID: TraceID, name: String, kind: SpanRecord.Kind,
    attributes: [Attribute] = [], links: [SpanRecord.Link] = []
  ) {
    self.parent = parent
    self.traceID = traceID
    self.name = name
    self.kind = kind
    self.attributes = attributes
    self.links = links
  }
}

package struct SamplingResult: Sendable, Equatable {
  /// The names are those of `otel.span.sampling_result`.
  package enum Decision: String, Sendable, CaseIterable {
    /// Not recorded; its context is propagated without the sampled flag.
    case drop = "DROP"
    /// Recorded for processors in this process, not exported, not flagged.
    case recordOnly = "RECORD_ONLY"
    case recordAndSample = "RECORD_AND_SAMPLE"

    /// Its place among all cases.
    var index: Int {
      switch self {
      case .drop: 0
      case .recordOnly: 1
      case .recordAndSample: 2
      }
    }
  }

  package let decision: Decision
  /// Added to the span's attributes.
  package let attributes: [Attribute]
  /// The `tracestate` of the new span; empty clears it.
  package let traceState: String

  package init(_ decision: Decision, attributes: [Attribute] = [], traceState: String) {
    self.decision = decision
    self.attributes = attributes
    self.traceState = traceState
  }

  /// `decision`, with the parent's `tracestate` handed on.
  init(_ decision: Decision, for parameters: borrowing SamplingParameters) {
    self.init(decision, traceState: parameters.parent?.traceState ?? "")
  }
}
