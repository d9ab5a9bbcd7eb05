import Testing

@testable import Telemetry

@Suite("Variables together")
struct EnvironmentTests {
  private func applied(
    _ environment: [String: String], to start: TelemetryConfiguration = TelemetryConfiguration()
  ) -> (configuration: TelemetryConfiguration, warnings: [ConfigurationWarning]) {
    var configuration = start
    let warnings = configuration.apply(environment: environment)
    return (configuration, warnings)
  }

  @Test("what the environment does not say, the program's settings do; a bad value leaves them")
  func program() {
    var program = TelemetryConfiguration()
    program.traces.batching.scheduleDelay = .seconds(7)
    program.logs.limits.attributesMax = 5
    let (configuration, warnings) = applied(
      ["OTEL_BSP_SCHEDULE_DELAY": "x", "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT": "6"], to: program)
    #expect(configuration.traces.batching.scheduleDelay == .seconds(7))
    #expect(configuration.logs.limits.attributesMax == 6)
    #expect(
      warnings.map(\.description) == [
        "OTEL_BSP_SCHEDULE_DELAY: 'x' is not a number of milliseconds from 1 on; using 7000"
      ])
  }

  @Test("TELEMETRY sets every exporter, and the variable of a signal beats it")
  func shorthand() {
    let (configuration, _) = applied(["TELEMETRY": "Console", "OTEL_LOGS_EXPORTER": "otlp"])
    #expect(configuration.traces.exporters == [.console])
    #expect(configuration.metrics.exporters == [.console])
    #expect(configuration.logs.exporters == [.otlp])
    #expect(applied(["TELEMETRY": "off"]).configuration.isDisabled)
    let enabled = applied(["TELEMETRY": "off", "OTEL_SDK_DISABLED": "false"])
    #expect(!enabled.configuration.isDisabled)
  }

  @Test("unknown names beside known ones are left out, each with its warning")
  func unknownNames() {
    let (configuration, warnings) = applied([
      "OTEL_PROPAGATORS": "xray,b3,skywalking", "OTEL_TRACES_EXPORTER": "none,console",
    ])
    #expect(configuration.propagators == [.b3])
    #expect(configuration.traces.exporters == [.console])
    #expect(
      warnings.map(\.description) == [
        "OTEL_PROPAGATORS: 'xray' is none of none, tracecontext, baggage, b3, b3multi, jaeger, "
          + "ottrace; left out",
        "OTEL_PROPAGATORS: 'skywalking' is none of none, tracecontext, baggage, b3, b3multi, jaeger, "
          + "ottrace; left out",
        "OTEL_TRACES_EXPORTER: 'none' stands beside others; left out",
      ])
  }

  @Test("the variable for a signal beats the one for all, wherever it is unset or bad")
  func signalFirst() {
    let (configuration, warnings) = applied([
      "OTEL_EXPORTER_OTLP_ENDPOINT": "http://all:1/base/", "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
      "OTEL_EXPORTER_OTLP_HEADERS": "a=1,b=2", "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip",
      "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://traces:2",
      "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "2",
      "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "c=3", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION": "none",
      "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "logs:3", "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT": "",
    ])
    #expect(configuration.traces.otlp.endpoint.description == "http://traces:2/")
    #expect(configuration.metrics.otlp.endpoint.description == "http://all:1/base/v1/metrics")
    #expect(configuration.logs.otlp.endpoint.description == "http://all:1/base/v1/logs")
    #expect(configuration.traces.otlp.timeout == .milliseconds(2))
    #expect(configuration.logs.otlp.timeout == .milliseconds(1))
    #expect(configuration.traces.otlp.headers.map(\.name) == ["c"])
    #expect(configuration.metrics.otlp.headers.map(\.name) == ["a", "b"])
    #expect(configuration.traces.otlp.compression == .none)
    #expect(configuration.logs.otlp.compression == .gzip)
    #expect(
      warnings.map(\.description) == [
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'logs:3' does not begin with http:// or https://; "
          + "left out"
      ])
  }

  @Test("a general limit holds for spans and log records, the special one beats it")
  func limits() {
    let (configuration, _) = applied([
      "OTEL_ATTRIBUTE_COUNT_LIMIT": "5", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "6",
      "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "7", "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT": "8",
    ])
    #expect(configuration.traces.limits.attributesMax == 7)
    #expect(configuration.traces.limits.attributeValueLengthMax == 6)
    #expect(configuration.logs.limits.attributesMax == 5)
    #expect(configuration.logs.limits.attributeValueLengthMax == 8)
    #expect(configuration.traces.limits.eventsMax == 128)
  }

  @Test(
    "a batch is never more than the queue holds",
    arguments: [
      (nil, "512", 512, false), (nil, "511", 511, false), ("100", "100", 100, false),
      ("101", "100", 100, true), ("2049", nil, 2_048, true),
    ] as [(String?, String?, Int, Bool)])
  func batchSize(batch: String?, queue: String?, used: Int, warns: Bool) {
    var environment: [String: String] = [:]
    for prefix in ["OTEL_BSP", "OTEL_BLRP"] {
      environment["\(prefix)_MAX_EXPORT_BATCH_SIZE"] = batch
      environment["\(prefix)_MAX_QUEUE_SIZE"] = queue
    }
    let (configuration, warnings) = applied(environment)
    #expect(configuration.traces.batching.batchRecordsMax == used)
    #expect(configuration.logs.batching.batchRecordsMax == used)
    #expect(warnings.count == (warns ? 2 : 0))
  }

  @Test(
    "secrets are not repeated in warnings",
    arguments: [
      ("HEADERS", "authorization=secret,broken"), ("HEADERS", "Bearer secret=,a=1"),
      ("HEADERS", "token=secret%0A"), ("ENDPOINT", "http://user:secret@host"),
      ("ENDPOINT", "http://user:secret@host/#f"), ("ENDPOINT", "user:secret@host"),
      ("ENDPOINT", "http://user:secret word@host"),
    ])
  func secrets(option: String, value: String) {
    let (_, warnings) = applied(["OTEL_EXPORTER_OTLP_\(option)": value])
    #expect(warnings.map(\.variable) == ["OTEL_EXPORTER_OTLP_\(option)"])
    #expect(warnings.allSatisfy { !$0.description.contains("secret") })
  }

  @Test(
    "header fields that would spoil every request are left out, the others are sent",
    arguments: [
      "a b=1", "%20=1", "a=1%0D%0Ab: 2", "a=1%00", "a=%20", "k\u{e9}y=1", "Content-Length=5",
      "content-type=text/plain", "content-encoding=br", "Transfer-Encoding=chunked",
      "connection=close", "host=other",
    ])
  func headersThatCannotBeSent(pair: String) {
    let (configuration, warnings) = applied([
      "OTEL_EXPORTER_OTLP_HEADERS": "api-key=k,\(pair),x=y%20z"
    ])
    for otlp in [configuration.traces.otlp, configuration.metrics.otlp, configuration.logs.otlp] {
      #expect(otlp.headers.map(\.name) == ["api-key", "x"])
      #expect(otlp.headers.map(\.value) == ["k", "y z"])
    }
    #expect(
      warnings.map(\.description) == [
        "OTEL_EXPORTER_OTLP_HEADERS: 1 of 3 cannot be sent as header fields; left out"
      ])
  }

  @Test("a list is split at its commas, whatever follows them")
  func commas() {
    let (configuration, _) = applied([
      "OTEL_RESOURCE_ATTRIBUTES": "a=1,\u{301}b=\u{302}2", "OTEL_PROPAGATORS": "b3,\u{301},jaeger",
    ])
    #expect(configuration.resourceAttributes == ["a": "1", "\u{301}b": "\u{302}2"])
    #expect(configuration.propagators == [.b3, .jaeger])
  }

  @Test("the ratio goes to the samplers that have one; others leave it unread")
  func samplerArgument() {
    func sampler(_ name: String, _ argument: String) -> TelemetryConfiguration.SamplerName {
      let environment = ["OTEL_TRACES_SAMPLER": name, "OTEL_TRACES_SAMPLER_ARG": argument]
      let (configuration, warnings) = applied(environment)
      #expect(warnings == [])
      return configuration.traces.sampler
    }
    #expect(sampler("parentbased_traceidratio", "0.5") == .parentBased(root: .traceIDRatio(0.5)))
    #expect(sampler("always_on", "x") == .alwaysOn)
  }
}
