import Logging
import Testing

@testable import Telemetry

/// A variable and what its values do.
struct VariableRow: Sendable, CustomTestStringConvertible {
  let name: String
  /// The property that it sets, as text.
  let read: @Sendable (TelemetryConfiguration) -> String
  let standard: String
  let valid: [(String, String)]
  let malformed: [String]
  /// What has to be set for it to count.
  var beside: [String: String] = [:]

  var testDescription: String { name }

  init<Value>(
    _ name: String, _ read: @escaping @Sendable (TelemetryConfiguration) -> Value,
    standard: Value, valid: [(String, Value)], malformed: [String] = []
  ) {
    self.name = name
    self.read = { "\(read($0))" }
    self.standard = "\(standard)"
    self.valid = valid.map { ($0.0, "\($0.1)") }
    self.malformed = malformed
  }

  func beside(_ environment: [String: String]) -> VariableRow {
    var row = self
    row.beside = environment
    return row
  }

  static let all =
    general + batching + limits + metrics + exporters + spool + runtime
    + otlp("OTEL_EXPORTER_OTLP", TelemetryConfiguration.Signal.allCases, endpoint: nil)
    + otlp("OTEL_EXPORTER_OTLP_TRACES", [.traces], endpoint: "http://localhost:4318/v1/traces")
    + otlp("OTEL_EXPORTER_OTLP_METRICS", [.metrics], endpoint: "http://localhost:4318/v1/metrics")
    + otlp("OTEL_EXPORTER_OTLP_LOGS", [.logs], endpoint: "http://localhost:4318/v1/logs")

  // MARK: Forms

  static let notNumbers = [
    "x", "-1", "1.5", " 5", "5 ", "+5", "5s", "0x5", "9223372036854775808",
  ]
  static let largest = "9223372036854775807"

  static func count(
    _ name: String, _ standard: Int, minimum: Int,
    _ read: @escaping @Sendable (TelemetryConfiguration) -> Int
  ) -> VariableRow {
    VariableRow(
      name, read, standard: standard,
      valid: [("\(minimum)", minimum), ("77", 77), ("077", 77), (largest, .max)],
      malformed: notNumbers + (minimum > 0 ? ["\(minimum - 1)"] : []))
  }

  private static func limit(
    _ name: String, _ read: @escaping @Sendable (TelemetryConfiguration) -> Int?
  ) -> VariableRow {
    VariableRow(
      name, { read($0).map { "\($0)" } ?? "all" }, standard: "all",
      valid: [("0", "0"), ("77", "77"), (largest, largest)], malformed: notNumbers)
  }

  static func duration(
    _ name: String, _ standard: Int64,
    _ read: @escaping @Sendable (TelemetryConfiguration) -> Duration
  ) -> VariableRow {
    VariableRow(
      name, { read($0).milliseconds }, standard: standard,
      valid: [("1", 1), ("77", 77), (largest, .max)], malformed: notNumbers + ["0"])
  }

  private static func timeout(
    _ name: String, _ standard: String,
    _ read: @escaping @Sendable (TelemetryConfiguration) -> Duration?
  ) -> VariableRow {
    VariableRow(
      name, { read($0).map { "\($0.milliseconds)" } ?? "none" }, standard: standard,
      valid: [("0", "none"), ("1", "1"), (largest, largest)], malformed: notNumbers)
  }

  // MARK: Rows

  private static let general: [VariableRow] = [
    VariableRow(
      "TELEMETRY", { [$0.traces.exporters, $0.metrics.exporters, $0.logs.exporters] },
      standard: [[.otlp], [.otlp], [.otlp]],
      valid: [
        ("console", [[.console], [.console], [.console]]), ("OTLP", [[.otlp], [.otlp], [.otlp]]),
      ],
      malformed: ["maybe", "otlp,console"]),
    VariableRow(
      "OTEL_SDK_DISABLED", \.isDisabled, standard: false,
      valid: [("true", true), ("TRUE", true), ("False", false)],
      // What is neither is false, which is the default too.
      malformed: ["1", "yes", "tru", " true"]),
    VariableRow(
      "OTEL_LOG_LEVEL", \.diagnosticLevel, standard: .info,
      valid: [
        ("trace", .trace), ("Warn", .warning), ("WARNING", .warning), ("critical", .critical),
      ],
      malformed: ["loud", "3", "none"]),
    VariableRow(
      "OTEL_PROPAGATORS", \.propagators, standard: [.traceContext, .baggage],
      valid: [
        ("b3", [.b3]), ("tracecontext,b3multi", [.traceContext, .b3Multi]), ("none", []),
        ("ottrace", [.otTrace]), (" Jaeger , B3 ", [.jaeger, .b3]),
        ("b3,baggage,b3", [.b3, .baggage]), ("b3,,", [.b3]),
      ],
      malformed: ["xray", "skywalking"]),
    VariableRow(
      "OTEL_SERVICE_NAME", { $0.serviceName ?? "none" }, standard: "none",
      valid: [("shop", "shop"), (" a%20b ", " a%20b ")]),
    VariableRow(
      "OTEL_RESOURCE_ATTRIBUTES",
      { $0.resourceAttributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } },
      standard: [],
      valid: [
        ("a=1", ["a=1"]),
        (" a = 1%2C2 ,b=,a%20b==x,,", ["a=1,2", "a b==x", "b="]), ("a=1,a=2", ["a=2"]),
      ],
      malformed: ["a", "a=1,b", "=1", "a=%", "a=%zz", "a=1,b=%c3", "a=1,=", "%=1", "a=%4"]),
    VariableRow(
      "OTEL_SWIFT_RESOURCE_DETECTORS", \.resourceDetectors,
      standard: [.service, .process, .host, .os, .container],
      valid: [("none", []), ("process_arguments,HOST", [.processArguments, .host])],
      malformed: ["all", "aws"]),
    VariableRow(
      "OTEL_TRACES_SAMPLER", \.traces.sampler, standard: .parentBased(root: .alwaysOn),
      valid: [
        ("always_on", .alwaysOn), ("ALWAYS_OFF", .alwaysOff), ("traceidratio", .traceIDRatio(1)),
        ("parentbased_always_on", .parentBased(root: .alwaysOn)),
        ("parentbased_always_off", .parentBased(root: .alwaysOff)),
        ("parentbased_traceidratio", .parentBased(root: .traceIDRatio(1))),
      ],
      malformed: ["jaeger_remote", "xray", "half"]),
    VariableRow(
      "OTEL_TRACES_SAMPLER_ARG", \.traces.sampler, standard: .parentBased(root: .alwaysOn),
      valid: [
        ("0", .traceIDRatio(0)), ("0.25", .traceIDRatio(0.25)), ("1", .traceIDRatio(1)),
        ("1e-3", .traceIDRatio(0.001)),
      ],
      malformed: ["x", "-0.1", "1.1", "nan", "inf", "1,5", "50%"]
    ).beside(["OTEL_TRACES_SAMPLER": "traceidratio"]),
  ]

  private static let batching: [VariableRow] = [
    duration("OTEL_BSP_SCHEDULE_DELAY", 5_000) { $0.traces.batching.scheduleDelay },
    timeout("OTEL_BSP_EXPORT_TIMEOUT", "30000") { $0.traces.batching.exportTimeout },
    count("OTEL_BSP_MAX_QUEUE_SIZE", 2_048, minimum: 1) { $0.traces.batching.queueRecordsMax },
    count("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512, minimum: 1) { $0.traces.batching.batchRecordsMax }
      .beside(["OTEL_BSP_MAX_QUEUE_SIZE": largest]),
    duration("OTEL_BLRP_SCHEDULE_DELAY", 1_000) { $0.logs.batching.scheduleDelay },
    timeout("OTEL_BLRP_EXPORT_TIMEOUT", "30000") { $0.logs.batching.exportTimeout },
    count("OTEL_BLRP_MAX_QUEUE_SIZE", 2_048, minimum: 1) { $0.logs.batching.queueRecordsMax },
    count("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", 512, minimum: 1) { $0.logs.batching.batchRecordsMax }
      .beside(["OTEL_BLRP_MAX_QUEUE_SIZE": largest]),
  ]

  private static let limits: [VariableRow] = [
    count("OTEL_ATTRIBUTE_COUNT_LIMIT", 128, minimum: 0) { $0.traces.limits.attributesMax },
    count("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", 128, minimum: 0) { $0.traces.limits.attributesMax },
    count("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", 128, minimum: 0) { $0.logs.limits.attributesMax },
    count("OTEL_SPAN_EVENT_COUNT_LIMIT", 128, minimum: 0) { $0.traces.limits.eventsMax },
    count("OTEL_SPAN_LINK_COUNT_LIMIT", 128, minimum: 0) { $0.traces.limits.linksMax },
    count("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", 128, minimum: 0) {
      $0.traces.limits.attributesPerEventMax
    },
    count("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", 128, minimum: 0) {
      $0.traces.limits.attributesPerLinkMax
    },
    limit("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT") { $0.logs.limits.attributeValueLengthMax },
    limit("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT") { $0.traces.limits.attributeValueLengthMax },
    limit("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT") { $0.logs.limits.attributeValueLengthMax },
  ]

  private static let metrics: [VariableRow] = [
    duration("OTEL_METRIC_EXPORT_INTERVAL", 60_000) { $0.metrics.exportInterval },
    timeout("OTEL_METRIC_EXPORT_TIMEOUT", "30000") { $0.metrics.exportTimeout },
    VariableRow(
      "OTEL_METRICS_EXEMPLAR_FILTER", \.metrics.exemplarFilter, standard: .traceBased,
      valid: [("always_on", .alwaysOn), ("Always_Off", .alwaysOff), ("trace_based", .traceBased)],
      malformed: ["none", "on"]),
    VariableRow(
      "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", \.metrics.temporality,
      standard: .cumulative,
      valid: [("DELTA", .delta), ("LowMemory", .lowMemory), ("cumulative", .cumulative)],
      malformed: ["low_memory"]),
    VariableRow(
      "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", \.metrics.histogramAggregation,
      standard: .explicitBucketHistogram,
      valid: [("base2_exponential_bucket_histogram", .base2ExponentialBucketHistogram)],
      malformed: ["exponential"]),
  ]

  private static let exporters: [VariableRow] = [
    exporter("OTEL_TRACES_EXPORTER") { $0.traces.exporters },
    exporter("OTEL_METRICS_EXPORTER") { $0.metrics.exporters },
    exporter("OTEL_LOGS_EXPORTER") { $0.logs.exporters },
    VariableRow(
      "OTEL_SWIFT_OTLP_FILE_DIRECTORY", \.fileDirectory, standard: "telemetry",
      valid: [("/var/log/a b", "/var/log/a b")]),
  ]

  private static func exporter(
    _ name: String,
    _ read: @escaping @Sendable (TelemetryConfiguration) -> [TelemetryConfiguration.ExporterName]
  ) -> VariableRow {
    VariableRow(
      name, read, standard: [.otlp],
      valid: [
        ("none", []), ("console", [.console]), ("Console, OTLP,console", [.console, .otlp]),
        ("otlp/stdout,otlp/file", [.otlpStdout, .otlpFile]),
      ],
      malformed: ["zipkin", "prometheus"])
  }

  private static func otlp(
    _ prefix: String, _ signals: [TelemetryConfiguration.Signal], endpoint: String?
  ) -> [VariableRow] {
    /// The property of every signal that the variable sets.
    @Sendable func each<Value>(
      _ read: @escaping @Sendable (TelemetryConfiguration.OTLP) -> Value
    ) -> @Sendable (TelemetryConfiguration) -> [String] {
      { configuration in
        signals.map { signal in
          switch signal {
          case .traces: "\(read(configuration.traces.otlp))"
          case .metrics: "\(read(configuration.metrics.otlp))"
          case .logs: "\(read(configuration.logs.otlp))"
          }
        }
      }
    }
    func all(_ text: String) -> [String] { signals.map { _ in text } }
    func path(_ base: String) -> [String] {
      endpoint == nil ? signals.map { "\(base)/v1/\($0.rawValue)" } : all(base + "/")
    }
    func text(_ name: String, _ read: @escaping @Sendable (TelemetryConfiguration.OTLP) -> String?)
      -> VariableRow
    {
      VariableRow(
        "\(prefix)_\(name)", each { read($0) ?? "none" }, standard: all("none"),
        valid: [("/a file.pem", all("/a file.pem"))])
    }
    return [
      VariableRow(
        "\(prefix)_ENDPOINT", each(\.endpoint.description),
        standard: endpoint.map { [$0] } ?? path("http://localhost:4318"),
        valid: [("http://a:1", path("http://a:1")), ("HTTPS://B", path("https://b:443"))],
        malformed: ["localhost:4318", "ftp://a", "http://", "http://a:0", "http://a#b", "a b"]),
      VariableRow(
        "\(prefix)_PROTOCOL", each(\.transport.rawValue), standard: all("http/protobuf"),
        valid: [("HTTP/protobuf", all("http/protobuf")), ("http/json", all("http/json"))],
        malformed: ["grpc", "http"]),
      VariableRow(
        "\(prefix)_HEADERS", each { $0.headers.map { "\($0.name)=\($0.value)" } },
        standard: all("[]"),
        valid: [("Api-Key=a%20b, x = y=z", all("[\"api-key=a b\", \"x=y=z\"]"))],
        malformed: ["key", "a=1,b", "a=%", "a b=1", "\u{e9}=1", "a=1%0d%0ax: 2", "a=%00"]),
      VariableRow(
        "\(prefix)_COMPRESSION", each(\.compression.rawValue), standard: all("none"),
        valid: [("gzip", all("gzip")), ("NONE", all("none"))], malformed: ["zstd"]),
      VariableRow(
        "\(prefix)_TIMEOUT", each { $0.timeout.map { "\($0.milliseconds)" } ?? "none" },
        standard: all("10000"), valid: [("0", all("none")), ("1", all("1"))],
        malformed: notNumbers),
      text("CERTIFICATE", \.trustedCertificatesFile),
      text("CLIENT_CERTIFICATE", \.clientCertificateFile),
      text("CLIENT_KEY", \.clientKeyFile),
    ]
  }
}
