import OTLP
import Sockets

/// The module's own work (OpenTelemetry semantic conventions, "SDK metrics"): what was begun, where
/// it waits, what became of it. Counts are asked for when metrics are collected; durations are
/// recorded as they end.
///
/// `otel.sdk.span.started = live + ended`; sampled spans that ended and log records made are
/// `processed`, or wait in the queue; what was processed without an error is `exported`, or in
/// flight.
struct SDKMetrics: Sendable {
  private let spansStarted: ObservableInstrument
  private let spansLive: ObservableInstrument
  private let logsCreated: ObservableInstrument
  private let processors: [TelemetryConfiguration.Signal: Processor]
  private let exporters: [TelemetryConfiguration.Signal: Exporter]
  private let operationDuration: TelemetryHistogram
  private let collectionDuration: TelemetryHistogram
  private let linesDropped: ObservableInstrument
  private let spool: SpoolInstruments

  private struct Processor: Sendable {
    let queueSize: ObservableInstrument
    let queueCapacity: ObservableInstrument
    let processed: ObservableInstrument

    init(_ meter: TelemetryMeter, _ word: String, unit: String) {
      let prefix = "otel.sdk.processor.\(word)"
      queueSize = meter.observableUpDownCounter(
        "\(prefix).queue.size", unit: unit, description: "Records that wait for export.")
      queueCapacity = meter.observableUpDownCounter(
        "\(prefix).queue.capacity", unit: unit, description: "Records that may wait for export.")
      processed = meter.observableCounter(
        "\(prefix).processed", unit: unit,
        description: "Records that were given to the exporter, or dropped.")
    }
  }

  private struct Exporter: Sendable {
    let inFlight: ObservableInstrument
    let exported: ObservableInstrument

    init(_ meter: TelemetryMeter, _ word: String, unit: String) {
      let prefix = "otel.sdk.exporter.\(word)"
      inFlight = meter.observableUpDownCounter(
        "\(prefix).inflight", unit: unit,
        description: "Records that the exporter has, neither delivered nor lost.")
      exported = meter.observableCounter(
        "\(prefix).exported", unit: unit, description: "Records whose export is over.")
    }
  }

  private init(_ meter: TelemetryMeter) {
    spansStarted = meter.observableCounter(
      "otel.sdk.span.started", unit: "{span}", description: "Spans that were started.")
    spansLive = meter.observableUpDownCounter(
      "otel.sdk.span.live", unit: "{span}", description: "Recorded spans that have not ended.")
    logsCreated = meter.observableCounter(
      "otel.sdk.log.created", unit: "{log_record}", description: "Log records that were made.")
    processors = [
      .traces: Processor(meter, "span", unit: "{span}"),
      .logs: Processor(meter, "log", unit: "{log_record}"),
    ]
    exporters = [
      .traces: Exporter(meter, "span", unit: "{span}"),
      .logs: Exporter(meter, "log", unit: "{log_record}"),
      .metrics: Exporter(meter, "metric_data_point", unit: "{data_point}"),
    ]
    operationDuration = meter.histogram(
      "otel.sdk.exporter.operation.duration", unit: "s",
      description: "Time that an export took, retries included.", boundaries: [])
    collectionDuration = meter.histogram(
      "otel.sdk.metric_reader.collection.duration", unit: "s",
      description: "Time that collecting metrics took.", boundaries: [])
    // OpenTelemetry has no name for it.
    linesDropped = meter.observableCounter(
      "telemetry.output.dropped", unit: "{line}",
      description: "Lines that standard output did not take.")
    spool = SpoolInstruments(meter)
  }

  /// Has the present values observed with every collection, and durations recorded.
  static func register(_ provider: MeterProvider, _ parts: MetricsPipelineParts) -> SDKMetrics {
    let meter = provider.meter("telemetry", version: TelemetryVersion.current)
    let metrics = SDKMetrics(meter)
    meter.addCallback { metrics.observe(parts.statistics(), $0) }
    for exporter in parts.measuredExporters { metrics.recordOperations(of: exporter) }
    return metrics
  }

  private func recordOperations(of exporter: OTLPExporter) {
    let attributes = exporter.component.attributes
    exporter.counts.setListener { [operationDuration] duration, outcome in
      var attributes = attributes
      if let errorType = outcome.errorType {
        attributes.append(Attribute("error.type", .string(errorType)))
      }
      if let status = outcome.httpStatus {
        attributes.append(Attribute("http.response.status_code", .int(Int64(status))))
      }
      operationDuration.record(duration.inSeconds, attributes)
    }
  }

  /// Records how long a reader's collection took, and whether all callbacks came to their end.
  func collected(by component: TelemetryComponent, in duration: Duration, isComplete: Bool) {
    let error = isComplete ? [] : [Attribute("error.type", "callback_timeout")]
    collectionDuration.record(duration.inSeconds, component.attributes + error)
  }

  // MARK: Observations

  private func observe(_ statistics: TelemetryStatistics, _ observer: borrowing MetricObserver) {
    for (start, count) in statistics.spansStarted {
      observer.observe(
        spansStarted, count,
        [
          Attribute("otel.span.parent.origin", .string(start.parentOrigin.rawValue)),
          Attribute("otel.span.sampling_result", .string(start.decision.rawValue)),
        ])
    }
    for (decision, count) in statistics.spansLiveByDecision {
      observer.observe(
        spansLive, count, [Attribute("otel.span.sampling_result", .string(decision.rawValue))])
    }
    observer.observe(logsCreated, statistics.logs.ended)
    for (component, processor) in statistics.processors {
      observe(component, processor, observer)
    }
    for (component, exporter) in statistics.exporters { observe(component, exporter, observer) }
    observer.observe(linesDropped, statistics.outputLinesDropped)
    spool.observe(statistics, observer)
  }

  private func observe(
    _ component: TelemetryComponent, _ processor: ProcessorStatistics,
    _ observer: borrowing MetricObserver
  ) {
    guard let instruments = processors[component.signal] else { return }
    let attributes = component.attributes
    observer.observe(instruments.queueSize, processor.queueSize, attributes)
    observer.observe(instruments.queueCapacity, processor.queueCapacity, attributes)
    observer.observe(instruments.processed, processor.handedOver, attributes)
    for (reason, count) in processor.dropped {
      let word = reason == .shutdown ? "already_shutdown" : reason.rawValue
      observer.observe(
        instruments.processed, count, attributes + [Attribute("error.type", .string(word))])
    }
  }

  private func observe(
    _ component: TelemetryComponent, _ exporter: ExporterStatistics,
    _ observer: borrowing MetricObserver
  ) {
    guard let instruments = exporters[component.signal] else { return }
    let attributes = component.attributes
    observer.observe(instruments.inFlight, exporter.inFlight, attributes)
    for (errorType, count) in exporter.ended {
      let error = errorType.map { [Attribute("error.type", .string($0))] } ?? []
      observer.observe(instruments.exported, count, attributes + error)
    }
  }
}

extension TelemetryComponent {
  /// What its metrics carry.
  var attributes: [Attribute] {
    var attributes = [
      Attribute("otel.component.type", .string(type)),
      Attribute("otel.component.name", .string(name)),
    ]
    if let serverAddress {
      attributes.append(Attribute("server.address", .string(serverAddress)))
    }
    if let serverPort { attributes.append(Attribute("server.port", .int(Int64(serverPort)))) }
    return attributes
  }
}

extension Duration {
  fileprivate var inSeconds: Double { Double(wholeNanoseconds) / 1e9 }
}
