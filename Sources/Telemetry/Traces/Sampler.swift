public import OTLP
public import ServiceContextModule

/// Decides which spans are recorded (OpenTelemetry specification, "Sampler").
public protocol Sampler: Sendable, CustomStringConvertible {
  /// Called on the thread that starts a span, so it must be quick and must not block.
  func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult
}

/// What is known of a span before it exists.
public struct SamplingParameters: Sendable {
  /// The one that the span is started in, with the parent and whatever else travels with it.
  public let context: ServiceContext
  /// The span context of the parent in ``context``; nil for a root span.
  public let parent: SpanContext?
  public let traceID: TraceID
  public let name: String
  public let kind: SpanRecord.Kind
  public let attributes: [Attribute]
  public let links: [SpanRecord.Link]

  public init(
    parent: SpanContext?, traceID: TraceID, name: String, kind: SpanRecord.Kind,
    attributes: [Attribute] = [], links: [SpanRecord.Link] = [],
    context: ServiceContext = .topLevel
  ) {
    self.context = context
    self.parent = parent
    self.traceID = traceID
    self.name = name
    self.kind = kind
    self.attributes = attributes
    self.links = links
  }
}

public struct SamplingResult: Sendable, Equatable {
  /// The names are those of `otel.span.sampling_result`.
  public enum Decision: String, Sendable, CaseIterable {
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

  public let decision: Decision
  /// Added to the span's attributes.
  public let attributes: [Attribute]
  /// The `tracestate` of the new span; empty clears it.
  public let traceState: String

  public init(_ decision: Decision, attributes: [Attribute] = [], traceState: String) {
    self.decision = decision
    self.attributes = attributes
    self.traceState = traceState
  }

  /// `decision`, with the parent's `tracestate` handed on.
  public init(_ decision: Decision, for parameters: borrowing SamplingParameters) {
    self.init(decision, traceState: parameters.parent?.traceState ?? "")
  }
}
