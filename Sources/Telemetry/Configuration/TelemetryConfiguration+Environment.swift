extension TelemetryConfiguration {
  /// Takes over what the standard `OTEL_*` variables say.
  /// - Returns: What could not be used.
  package mutating func apply(environment: [String: String]) -> [ConfigurationWarning] {
    var reader = EnvironmentReader(environment)
    applyShorthand(&reader)
    reader.boolean("OTEL_SDK_DISABLED", into: &isDisabled)
    applyResource(&reader)
    reader.choice(["OTEL_LOG_LEVEL"], into: &diagnosticLevel)
    reader.list("OTEL_PROPAGATORS", into: &propagators)
    reader.list("OTEL_TRACES_EXPORTER", into: &traces.exporters)
    reader.list("OTEL_METRICS_EXPORTER", into: &metrics.exporters)
    reader.list("OTEL_LOGS_EXPORTER", into: &logs.exporters)
    traces.otlp.apply(&reader, signal: .traces)
    metrics.otlp.apply(&reader, signal: .metrics)
    logs.otlp.apply(&reader, signal: .logs)
    applySampler(&reader)
    traces.batching.apply(&reader, prefix: "OTEL_BSP")
    logs.batching.apply(&reader, prefix: "OTEL_BLRP")
    applyLimits(&reader)
    applyMetrics(&reader)
    return reader.warnings
  }

  /// `TELEMETRY` sets all three exporters at once, for people; the standard variables beat it.
  private mutating func applyShorthand(_ reader: inout EnvironmentReader) {
    switch reader.text("TELEMETRY")?.lowercased() {
    case nil, "otlp": break
    case "console":
      traces.exporters = [.console]
      metrics.exporters = [.console]
      logs.exporters = [.console]
    case "off": isDisabled = true
    case let other?:
      reader.warn("TELEMETRY", "'\(other)' is none of otlp, console, off; using otlp")
    }
  }

  private mutating func applyResource(_ reader: inout EnvironmentReader) {
    reader.list("OTEL_SWIFT_RESOURCE_DETECTORS", into: &resourceDetectors)
    defer { if let name = reader.text("OTEL_SERVICE_NAME") { serviceName = name } }
    guard let text = reader.text("OTEL_RESOURCE_ATTRIBUTES") else { return }
    guard let pairs = EnvironmentReader.pairs(text) else {
      reader.warn("OTEL_RESOURCE_ATTRIBUTES", "malformed; all of it is left out")
      return
    }
    for (name, value) in pairs {
      resourceAttributes[name] = value
      // The operator's word counts, whichever variable it is in.
      if name == "service.name" { serviceName = value }
    }
  }

  private mutating func applySampler(_ reader: inout EnvironmentReader) {
    guard let name = reader.text("OTEL_TRACES_SAMPLER")?.lowercased() else { return }
    var ratio = 1.0
    if let text = reader.text("OTEL_TRACES_SAMPLER_ARG"), name.contains("traceidratio") {
      if let value = Double(text), (0...1).contains(value) {
        ratio = value
      } else {
        reader.warn("OTEL_TRACES_SAMPLER_ARG", "'\(text)' is not a ratio from 0 to 1; using 1")
      }
    }
    switch name {
    case "always_on": traces.sampler = .alwaysOn
    case "always_off": traces.sampler = .alwaysOff
    case "traceidratio": traces.sampler = .traceIDRatio(ratio)
    case "parentbased_always_on": traces.sampler = .parentBased(root: .alwaysOn)
    case "parentbased_always_off": traces.sampler = .parentBased(root: .alwaysOff)
    case "parentbased_traceidratio": traces.sampler = .parentBased(root: .traceIDRatio(ratio))
    default:
      reader.warn("OTEL_TRACES_SAMPLER", "'\(name)' is not known; using parentbased_always_on")
    }
  }

  private mutating func applyLimits(_ reader: inout EnvironmentReader) {
    let anyCount = "OTEL_ATTRIBUTE_COUNT_LIMIT"
    let anyLength = "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"
    reader.integer(
      ["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", anyCount], minimum: 0,
      into: &traces.limits.attributesMax)
    reader.optionalInteger(
      ["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", anyLength],
      into: &traces.limits.attributeValueLengthMax)
    reader.integer(
      ["OTEL_SPAN_EVENT_COUNT_LIMIT"], minimum: 0, into: &traces.limits.eventsMax)
    reader.integer(["OTEL_SPAN_LINK_COUNT_LIMIT"], minimum: 0, into: &traces.limits.linksMax)
    reader.integer(
      ["OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT"], minimum: 0,
      into: &traces.limits.attributesPerEventMax)
    reader.integer(
      ["OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"], minimum: 0,
      into: &traces.limits.attributesPerLinkMax)
    reader.integer(
      ["OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", anyCount], minimum: 0,
      into: &logs.limits.attributesMax)
    reader.optionalInteger(
      ["OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", anyLength],
      into: &logs.limits.attributeValueLengthMax)
  }

  private mutating func applyMetrics(_ reader: inout EnvironmentReader) {
    reader.milliseconds(
      ["OTEL_METRIC_EXPORT_INTERVAL"], minimum: 1, into: &metrics.exportInterval)
    reader.timeout(["OTEL_METRIC_EXPORT_TIMEOUT"], into: &metrics.exportTimeout)
    reader.choice(["OTEL_METRICS_EXEMPLAR_FILTER"], into: &metrics.exemplarFilter)
    reader.choice(
      ["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"], into: &metrics.temporality)
    reader.choice(
      ["OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"],
      into: &metrics.histogramAggregation)
  }
}

extension TelemetryConfiguration.Batching {
  fileprivate mutating func apply(_ reader: inout EnvironmentReader, prefix: String) {
    reader.milliseconds(["\(prefix)_SCHEDULE_DELAY"], minimum: 1, into: &scheduleDelay)
    reader.timeout(["\(prefix)_EXPORT_TIMEOUT"], into: &exportTimeout)
    reader.integer(["\(prefix)_MAX_QUEUE_SIZE"], minimum: 1, into: &queueRecordsMax)
    reader.integer(["\(prefix)_MAX_EXPORT_BATCH_SIZE"], minimum: 1, into: &batchRecordsMax)
    if batchRecordsMax > queueRecordsMax {
      reader.warn(
        "\(prefix)_MAX_EXPORT_BATCH_SIZE", "more than the queue holds; using \(queueRecordsMax)")
      batchRecordsMax = queueRecordsMax
    }
  }
}

extension TelemetryConfiguration.OTLP {
  fileprivate mutating func apply(
    _ reader: inout EnvironmentReader, signal: TelemetryConfiguration.Signal
  ) {
    let own = "OTEL_EXPORTER_OTLP_\(signal.rawValue.uppercased())"
    let common = "OTEL_EXPORTER_OTLP"
    applyEndpoint(&reader, own, common, signal)
    reader.choice(["\(own)_PROTOCOL", "\(common)_PROTOCOL"], into: &transport)
    if !transport.isSupported {
      reader.warn(
        "\(common)_PROTOCOL", "'\(transport.rawValue)' is not supported yet; using http/protobuf")
      transport = .httpProtobuf
    }
    reader.choice(["\(own)_COMPRESSION", "\(common)_COMPRESSION"], into: &compression)
    reader.timeout(["\(own)_TIMEOUT", "\(common)_TIMEOUT"], into: &timeout)
    if let (name, text) = reader.first(["\(own)_HEADERS", "\(common)_HEADERS"]) {
      if let pairs = EnvironmentReader.pairs(text) {
        headers = pairs.map {
          TelemetryConfiguration.HeaderField(name: $0.name.lowercased(), value: $0.value)
        }
      } else {
        reader.warn(name, "malformed; sending none")
      }
    }
    trustedCertificatesFile = reader.first(
      ["\(own)_CERTIFICATE", "\(common)_CERTIFICATE"])?.value ?? trustedCertificatesFile
    clientCertificateFile = reader.first(
      ["\(own)_CLIENT_CERTIFICATE", "\(common)_CLIENT_CERTIFICATE"])?.value
      ?? clientCertificateFile
    clientKeyFile = reader.first(["\(own)_CLIENT_KEY", "\(common)_CLIENT_KEY"])?.value
      ?? clientKeyFile
  }

  private mutating func applyEndpoint(
    _ reader: inout EnvironmentReader, _ own: String, _ common: String,
    _ signal: TelemetryConfiguration.Signal
  ) {
    guard let (name, text) = reader.first(["\(own)_ENDPOINT", "\(common)_ENDPOINT"]) else {
      return
    }
    do throws(OTLPEndpoint.Invalid) {
      let parsed = try OTLPEndpoint(parsing: text)
      endpoint = name == "\(own)_ENDPOINT" ? parsed : parsed.appending(signal)
    } catch {
      reader.warn(name, "'\(text)' \(error.rawValue); using \(endpoint)")
    }
  }
}
