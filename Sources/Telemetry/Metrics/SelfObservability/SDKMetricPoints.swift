import OTLP

/// Makes metrics of `TelemetryStatistics`, all of which count from `start`.
struct SDKMetricPoints {
  let start: UInt64
  let end: UInt64

  // MARK: Spans and log records

  func spans(_ statistics: TelemetryStatistics) -> [MetricRecord] {
    let started = statistics.spansStarted.filter { $0.value > 0 }.map { start, count in
      point(count, [
        Attribute("otel.span.parent.origin", .string(start.parentOrigin.rawValue)),
        Attribute("otel.span.sampling_result", .string(start.decision.rawValue)),
      ])
    }
    let live = statistics.traces.live
    func living(_ count: Int, _ decision: SamplingResult.Decision) -> NumberPoint {
      point(count, [Attribute("otel.span.sampling_result", .string(decision.rawValue))])
    }
    return [
      counter("otel.sdk.span.started", "{span}", "Spans that were started.", sorted(started)),
      upDownCounter("otel.sdk.span.live", "{span}", "Recorded spans that have not ended.", [
        living(live, .recordAndSample), living(statistics.spansLive - live, .recordOnly),
      ]),
      counter(
        "otel.sdk.log.created", "{log_record}", "Log records that were made.",
        [point(statistics.logs.ended, [])]),
    ]
  }

  // MARK: Processors

  func processors(_ statistics: TelemetryStatistics) -> [MetricRecord] {
    [TelemetryConfiguration.Signal.traces, .logs].flatMap { signal in
      let own = statistics.processors.filter { $0.key.signal == signal }
      let name = "otel.sdk.processor.\(signal.recordWord)"
      return [
        upDownCounter(
          "\(name).queue.size", signal.recordUnit, "Records that wait.",
          sorted(own.map { point($1.queueSize, $0.attributes) })),
        upDownCounter(
          "\(name).queue.capacity", signal.recordUnit, "Records that may wait.",
          sorted(own.map { point($1.queueCapacity, $0.attributes) })),
        counter(
          "\(name).processed", signal.recordUnit,
          "Records that were handed to the exporter or, with an error, were not.",
          sorted(own.flatMap { processed($1, $0.attributes) })),
      ]
    }
  }

  private func processed(
    _ statistics: ProcessorStatistics, _ attributes: [Attribute]
  ) -> [NumberPoint] {
    [point(statistics.handedOver, attributes)]
      + statistics.dropped.map { reason, count in
        let name = reason == .shutdown ? "already_shutdown" : reason.rawValue
        return point(count, attributes + [Attribute("error.type", .string(name))])
      }
  }

  // MARK: Exporters

  func exporters(_ statistics: TelemetryStatistics) -> [MetricRecord] {
    let bySignal = TelemetryConfiguration.Signal.allCases.flatMap { signal -> [MetricRecord] in
      let own = statistics.exporters.filter { $0.key.signal == signal }
      let name = "otel.sdk.exporter.\(signal.recordWord)"
      return [
        upDownCounter(
          "\(name).inflight", signal.recordUnit, "Records that are being sent.",
          sorted(own.map { point($1.inFlight, $0.attributes) })),
        counter(
          "\(name).exported", signal.recordUnit,
          "Records that were delivered or, with an error, were not.",
          sorted(
            own.flatMap { component, statistics in
              statistics.ended.map { point($1, component.attributes(errorType: $0)) }
            })),
      ]
    }
    let operations = statistics.exporters.flatMap { component, statistics in
      statistics.operations.map { point($1, component.attributes(of: $0)) }
    }
    let durations = MetricRecord(
      name: "otel.sdk.exporter.operation.duration",
      description: "How long exports took, retries included.", unit: "s",
      data: .histogram(
        operations.sorted { "\($0.attributes)" < "\($1.attributes)" }, .cumulative))
    return bySignal + [durations]
  }

  // MARK: Points

  private func counter(
    _ name: String, _ unit: String, _ text: String, _ points: [NumberPoint]
  ) -> MetricRecord {
    MetricRecord(
      name: name, description: text, unit: unit,
      data: .sum(points, .cumulative, isMonotonic: true))
  }

  private func upDownCounter(
    _ name: String, _ unit: String, _ text: String, _ points: [NumberPoint]
  ) -> MetricRecord {
    MetricRecord(
      name: name, description: text, unit: unit,
      data: .sum(points, .cumulative, isMonotonic: false))
  }

  private func point(_ count: Int, _ attributes: [Attribute]) -> NumberPoint {
    NumberPoint(
      attributes: attributes, startUnixNanoseconds: start, unixNanoseconds: end,
      value: .int(Int64(count)))
  }

  /// Without boundaries, as the conventions want it.
  private func point(
    _ durations: ExporterStatistics.Durations, _ attributes: [Attribute]
  ) -> HistogramPoint {
    var point = HistogramPoint()
    point.attributes = attributes
    point.startUnixNanoseconds = start
    point.unixNanoseconds = end
    point.count = UInt64(durations.count)
    point.sum = durations.sum / .seconds(1)
    point.minimum = durations.min / .seconds(1)
    point.maximum = durations.max / .seconds(1)
    return point
  }

  /// Dictionaries have no order; people compare.
  private func sorted(_ points: [NumberPoint]) -> [NumberPoint] {
    points.sorted { "\($0.attributes)" < "\($1.attributes)" }
  }
}

extension TelemetryComponent {
  /// Which component it is.
  var attributes: [Attribute] {
    var attributes = [
      Attribute("otel.component.name", .string(name)),
      Attribute("otel.component.type", .string(type)),
    ]
    if let serverAddress { attributes.append(Attribute("server.address", .string(serverAddress))) }
    if let serverPort { attributes.append(Attribute("server.port", .int(Int64(serverPort)))) }
    return attributes
  }

  fileprivate func attributes(errorType: String?) -> [Attribute] {
    errorType.map { attributes + [Attribute("error.type", .string($0))] } ?? attributes
  }

  fileprivate func attributes(of outcome: ExporterStatistics.Outcome) -> [Attribute] {
    let status = outcome.httpStatus.map {
      Attribute("http.response.status_code", .int(Int64($0)))
    }
    return attributes(errorType: outcome.errorType) + [status].compactMap { $0 }
  }
}

extension TelemetryConfiguration.Signal {
  /// What a record is called in names of metrics, and as a unit.
  fileprivate var recordWord: String {
    switch self {
    case .traces: "span"
    case .metrics: "metric_data_point"
    case .logs: "log"
    }
  }

  fileprivate var recordUnit: String {
    switch self {
    case .traces: "{span}"
    case .metrics: "{data_point}"
    case .logs: "{log_record}"
    }
  }
}
