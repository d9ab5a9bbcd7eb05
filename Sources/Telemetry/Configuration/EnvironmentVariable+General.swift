import Logging

extension EnvironmentVariable {
  static let resource: [EnvironmentVariable] = [
    Self(
      "OTEL_SERVICE_NAME", values: "text", default: "",
      "`service.name`; beats the one in `OTEL_RESOURCE_ATTRIBUTES`; without either and without "
        + "one in the program, `unknown_service:` and the executable's name"
    ) {
      if let name = $0.text("OTEL_SERVICE_NAME") { $1.serviceName = name }
    },
    Self(
      "OTEL_RESOURCE_ATTRIBUTES", values: "`name=value,…`, percent-encoded", default: "",
      "attributes of the resource, over those that the program gives and those that are detected",
      read: resourceAttributes),
    .list(
      "OTEL_SWIFT_RESOURCE_DETECTORS", settings.resourceDetectors,
      "what is found out about the process and its surroundings; arguments may hold secrets"),
  ]

  /// The operator's name for the service counts, whichever variable it is in.
  private static let resourceAttributes: Read = { reader, configuration in
    for (name, value) in reader.pairs("OTEL_RESOURCE_ATTRIBUTES") {
      configuration.resourceAttributes[name] = value
      let isOnlyName = reader.text("OTEL_SERVICE_NAME") == nil
      if name == "service.name", isOnlyName { configuration.serviceName = value }
    }
  }

  static let shorthand: Read = { reader, configuration in
    switch reader.text("TELEMETRY")?.lowercased() {
    case nil, "otlp": break
    case "console":
      configuration.traces.exporters = [.console]
      configuration.metrics.exporters = [.console]
      configuration.logs.exporters = [.console]
    case "off": configuration.isDisabled = true
    case let other?:
      reader.warn("TELEMETRY", "'\(other)' is none of otlp, console, off; using otlp")
    }
  }

  static let diagnosticLevel: Read = { reader, configuration in
    let name = "OTEL_LOG_LEVEL"
    guard let text = reader.text(name) else { return }
    let word = text.lowercased()
    if let level = word == "warn" ? .warning : Logger.Level(rawValue: word) {
      configuration.diagnosticLevel = level
    } else {
      let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      reader.warn(name, "'\(text)' is none of \(names); using \(configuration.diagnosticLevel)")
    }
  }

  // MARK: Sampling

  static let sampling: [EnvironmentVariable] = [
    Self(
      "OTEL_TRACES_SAMPLER",
      values: samplers.map { "`\($0)`" }.joined(separator: ", "), default: "parentbased_always_on",
      "traces that are recorded", read: sampler),
    // Read with the sampler, which it belongs to.
    Self(
      "OTEL_TRACES_SAMPLER_ARG", values: "number from 0 to 1", default: "1.0",
      "share of traces that `traceidratio` and `parentbased_traceidratio` record"
    ) { _, _ in },
    Self(
      "OTEL_SWIFT_TRACES_SAMPLER_RULES", values: "`pattern=share,…`", default: "",
      "shares from 0 to 1 of traces whose root span has such a name, before the sampler is asked; "
        + "the first that matches counts: `GET /health*=0,POST /order-product=1`",
      read: samplingRules),
    .boolean(
      "OTEL_SWIFT_TRACES_KEEP_ERRORS", settings.traces.keepsErrors,
      "whether what this process did for a trace that is not sampled is exported all the same when "
        + "its first span here fails; all spans are recorded then"),
  ]

  private static let samplingRules: Read = { reader, configuration in
    let name = "OTEL_SWIFT_TRACES_SAMPLER_RULES"
    guard let text = reader.text(name) else { return }
    if let rules = TelemetryConfiguration.SamplingRule.parse(text) {
      configuration.traces.rules = rules
    } else {
      reader.warn(name, "'\(text)' is no list of pattern=share, shares from 0 to 1; left out")
    }
  }

  private static let samplers = [
    "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off",
    "parentbased_traceidratio",
  ]

  private static let sampler: Read = { reader, configuration in
    guard let text = reader.text("OTEL_TRACES_SAMPLER") else { return }
    switch text.lowercased() {
    case "always_on": configuration.traces.sampler = .alwaysOn
    case "always_off": configuration.traces.sampler = .alwaysOff
    case "traceidratio": configuration.traces.sampler = .traceIDRatio(ratio(&reader))
    case "parentbased_always_on": configuration.traces.sampler = .parentBased(root: .alwaysOn)
    case "parentbased_always_off": configuration.traces.sampler = .parentBased(root: .alwaysOff)
    case "parentbased_traceidratio":
      configuration.traces.sampler = .parentBased(root: .traceIDRatio(ratio(&reader)))
    default:
      let names = samplers.joined(separator: ", ")
      reader.warn(
        "OTEL_TRACES_SAMPLER",
        "'\(text)' is none of \(names); using \(configuration.traces.sampler.name)")
    }
  }

  private static func ratio(_ reader: inout EnvironmentReader) -> Double {
    let name = "OTEL_TRACES_SAMPLER_ARG"
    guard let text = reader.text(name) else { return 1 }
    if let value = Double(text), (0...1).contains(value) { return value }
    reader.warn(name, "'\(text)' is not a number from 0 to 1; using 1.0")
    return 1
  }

  // MARK: Limits

  private static let spans = settings.traces.limits
  private static let records = settings.logs.limits

  static let limits: [EnvironmentVariable] = [
    .integer(
      "OTEL_ATTRIBUTE_COUNT_LIMIT", spans.attributesMax, records.attributesMax, minimum: 0,
      "attributes of a span, and of a log record"),
    .limit(
      "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", spans.attributeValueLengthMax,
      records.attributeValueLengthMax,
      meaning: "characters that a text in an attribute keeps; without it, all"),
    .integer(
      "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", spans.attributesMax, minimum: 0,
      "attributes of a span; beats the general limit"),
    .limit(
      "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", spans.attributeValueLengthMax,
      meaning: "characters that a text in an attribute of a span keeps; beats the general limit"),
    .integer(
      "OTEL_SPAN_EVENT_COUNT_LIMIT", spans.eventsMax, minimum: 0, "events of a span"),
    .integer(
      "OTEL_SPAN_LINK_COUNT_LIMIT", spans.linksMax, minimum: 0, "links of a span"),
    .integer(
      "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", spans.attributesPerEventMax, minimum: 0,
      "attributes of an event"),
    .integer(
      "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", spans.attributesPerLinkMax, minimum: 0,
      "attributes of a link"),
    .integer(
      "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", records.attributesMax, minimum: 0,
      "attributes of a log record; beats the general limit"),
    .limit(
      "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", records.attributeValueLengthMax,
      meaning: "characters that a text in an attribute of a log record keeps; beats the general "
        + "limit"),
  ]
}
