public import Logging
import OTLP
import ServiceContextModule

/// The backend of swift-log: one record for standard output and OTLP, with the ids of the span that
/// is active where it is made.
public struct TelemetryLogHandler: LogHandler {
  /// The logger's own level, or that of all loggers.
  public var logLevel: Logger.Level {
    get { ownLevel ?? levels.level }
    set { ownLevel = newValue }
  }
  public var metadata: Logger.Metadata = [:]
  public var metadataProvider: Logger.MetadataProvider?

  private var ownLevel: Logger.Level?
  private let levels: LogLevelControl
  private let label: String
  private let scope: Int
  private let pipeline: LogPipeline
  private let limits: AttributeLimits
  private let unixNanoseconds: @Sendable () -> UInt64

  /// - Parameters:
  ///   - label: Names the logger; the instrumentation scope has the same name.
  ///   - logLevel: The logger's own level.
  ///   - limits: Bound what one record may hold.
  public init(
    label: String, pipeline: LogPipeline, logLevel: Logger.Level = .info,
    metadataProvider: Logger.MetadataProvider? = nil,
    limits: TelemetryConfiguration.LogRecordLimits = .init()
  ) {
    self.init(
      label: label, pipeline: pipeline, logLevel: logLevel, metadataProvider: metadataProvider,
      limits: limits, unixNanoseconds: WallClock.unixNanoseconds)
  }

  /// - Parameters:
  ///   - levels: The level of loggers that have none of their own.
  ///   - logLevel: The logger's own level; nil for none.
  package init(
    label: String, pipeline: LogPipeline, levels: LogLevelControl = LogLevelControl(.info),
    logLevel: Logger.Level?, metadataProvider: Logger.MetadataProvider?,
    limits: TelemetryConfiguration.LogRecordLimits,
    unixNanoseconds: @escaping @Sendable () -> UInt64 = WallClock.unixNanoseconds
  ) {
    self.label = label
    self.pipeline = pipeline
    self.levels = levels
    ownLevel = logLevel
    self.metadataProvider = metadataProvider
    self.limits = AttributeLimits(
      countMax: limits.attributesMax, valueLengthMax: limits.attributeValueLengthMax)
    self.unixNanoseconds = unixNanoseconds
    scope = pipeline.scopes.index(of: InstrumentationScope(name: label))
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    let now = unixNanoseconds()
    var record = LogRecord(
      unixNanoseconds: now, observedUnixNanoseconds: now,
      severityNumber: event.level.severityNumber, severityText: event.level.severityText,
      body: event.message.description, attributes: [])
    addMetadata(of: event, to: &record)
    let context = ServiceContext.current
    if let span = context?.spanContext, span.isValid {
      record.traceID = span.traceID
      record.spanID = span.spanID
      record.traceFlags = span.flags.rawValue
    }
    pipeline.emit(LogEntry(record: record, logger: label, scope: scope, context: context))
  }

  /// The event's own metadata wins over the provider's, and that over the logger's.
  private func addMetadata(of event: LogEvent, to record: inout LogRecord) {
    if let error = event.error {
      set("exception.type", .string(ErrorTypeName.of(error)), in: &record)
      set("exception.message", .string(String(describing: error)), in: &record)
    }
    add(metadata, to: &record)
    if let provided = metadataProvider?.get() { add(provided, to: &record) }
    if let own = event.metadata { add(own, to: &record) }
    // Dictionaries have no order; people compare lines.
    if record.attributes.count > 1 { record.attributes.sort { $0.key < $1.key } }
  }

  private func add(_ metadata: Logger.Metadata, to record: inout LogRecord) {
    for (key, value) in metadata {
      if key == LogEntry.eventNameKey {
        record.eventName = value.description
      } else {
        set(key, AttributeValue(value), in: &record)
      }
    }
  }

  private func set(_ key: String, _ value: AttributeValue, in record: inout LogRecord) {
    limits.set(key, value, in: &record.attributes, dropped: &record.droppedAttributesCount)
  }
}
