public import OTLP
public import ServiceContextModule

/// Makes the log records and events of one instrumentation scope (OpenTelemetry specification, "Logs
/// API"): for what swift-log cannot say, such as a time of its own, or a body with structure. Its
/// records go the way of all others: to processors, standard output and OTLP.
public struct TelemetryLogger: Sendable {
  public let scope: InstrumentationScope
  private let index: Int
  private let pipeline: LogPipeline
  private let limits: AttributeLimits
  private let unixNanoseconds: @Sendable () -> UInt64

  package init(
    _ scope: InstrumentationScope, pipeline: LogPipeline,
    limits: TelemetryConfiguration.LogRecordLimits = .init(),
    unixNanoseconds: @escaping @Sendable () -> UInt64 = WallClock.unixNanoseconds
  ) {
    self.scope = scope
    self.pipeline = pipeline
    self.limits = AttributeLimits(
      countMax: limits.attributesMax, valueLengthMax: limits.attributeValueLengthMax)
    self.unixNanoseconds = unixNanoseconds
    index = pipeline.scopes.index(of: scope)
  }

  /// Whether such a record would go anywhere: to be asked before one that is costly is made.
  /// - Parameter context: The one that the record would belong to; by default the task's.
  public func isEnabled(
    severity: LogSeverity = .unspecified, eventName: String = "",
    context: ServiceContext? = .current
  ) -> Bool {
    pipeline.isEnabled(
      severityNumber: severity.rawValue, eventName: eventName, scope: index,
      context: context ?? .topLevel)
  }

  /// Emits a record. It gets the ids of the span that is active in `context`, and the present time
  /// as the one at which it was observed, when it has none.
  /// - Parameters:
  ///   - error: Becomes the attributes `exception.type` and `exception.message`, where the record
  ///     has none of that name.
  ///   - context: The one that the record belongs to; by default the task's.
  public func emit(
    _ record: LogRecord, error: (any Error)? = nil, context: ServiceContext? = .current
  ) {
    var record = record
    if let error { Self.add(error, to: &record) }
    let (kept, dropped) = limits.apply(to: record.attributes)
    record.attributes = kept
    record.droppedAttributesCount &+= dropped
    if record.observedUnixNanoseconds == 0 { record.observedUnixNanoseconds = unixNanoseconds() }
    if let span = context?.spanContext, span.isValid {
      record.traceID = span.traceID
      record.spanID = span.spanID
      record.traceFlags = span.flags.rawValue
    }
    pipeline.emit(
      LogEntry(record: record, logger: scope.name, scope: index, context: context))
  }

  private static func add(_ error: any Error, to record: inout LogRecord) {
    let attributes = [
      Attribute("exception.type", .string(ErrorTypeName.of(error))),
      Attribute("exception.message", .string(String(describing: error))),
    ]
    for attribute in attributes
    where AttributeLimits.index(of: attribute.key, in: record.attributes) == nil {
      record.attributes.append(attribute)
    }
  }
}

extension LogRecord {
  /// A record that is yet to be emitted.
  /// - Parameters:
  ///   - body: A text, or a value with structure.
  ///   - severityText: nil is the short name of `severity`.
  ///   - eventName: Names the kind of event; empty for an ordinary record.
  ///   - unixNanoseconds: When it happened; 0 when that is not known.
  ///   - observedUnixNanoseconds: When it was seen; 0 is when it is emitted.
  public init(
    _ body: AttributeValue, severity: LogSeverity = .unspecified, severityText: String? = nil,
    eventName: String = "", attributes: [Attribute] = [], at unixNanoseconds: UInt64 = 0,
    observedAt observedUnixNanoseconds: UInt64 = 0
  ) {
    var text = ""
    if case .string(let value) = body { text = value }
    self.init(
      unixNanoseconds: unixNanoseconds, observedUnixNanoseconds: observedUnixNanoseconds,
      severityNumber: severity.rawValue, severityText: severityText ?? severity.shortName,
      body: text, attributes: attributes)
    if case .string = body {} else { structuredBody = body }
    self.eventName = eventName
  }
}
