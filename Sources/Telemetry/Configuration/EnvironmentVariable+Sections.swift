extension EnvironmentVariable {
  /// Every variable, in the order in which they are read: what is more specific comes later.
  public static let all = sections.flatMap(\.variables)

  /// Where the values of all variables stand.
  static let settings = SettingPath<TelemetryConfiguration>.root

  /// The variables by what they are about.
  public static let sections: [(title: String, variables: [EnvironmentVariable])] = [
    ("General", general),
    ("Resource", resource),
    ("Where telemetry goes", exporters),
    ("OTLP, all signals", otlp),
    ("OTLP, traces", otlp(.traces, settings.traces.otlp)),
    ("OTLP, metrics", otlp(.metrics, settings.metrics.otlp) + otlpMetrics),
    ("OTLP, logs", otlp(.logs, settings.logs.otlp)),
    ("Traces", sampling + batching("OTEL_BSP", "spans", settings.traces.batching)),
    ("Metrics", metrics),
    ("Logs", batching("OTEL_BLRP", "log records", settings.logs.batching)),
    ("Limits", limits),
    ("What cannot be sent, on disk", spool),
  ]

  private static let general: [EnvironmentVariable] = [
    Self(
      "TELEMETRY", values: "`otlp`, `console`, `off`", default: "otlp",
      "all signals at once: to a collector, to people in the terminal, or nowhere; the variables "
        + "of the specification beat it",
      read: shorthand),
    .boolean(
      "OTEL_SDK_DISABLED", settings.isDisabled,
      "whether no telemetry is made at all; context is propagated all the same"),
    Self(
      "OTEL_LOG_LEVEL",
      values: "`trace`, `debug`, `info`, `notice`, `warning` or `warn`, `error`, `critical`",
      default: "info", "least severe of the module's own diagnostics that is reported",
      read: diagnosticLevel),
    .list(
      "OTEL_PROPAGATORS", settings.propagators,
      "formats in which context is read from and written to requests"),
    .file(
      "OTEL_SWIFT_RUNTIME_FILE", [settings.runtimeFile],
      "file with lines of `LOG_LEVEL=…`, `OTEL_TRACES_SAMPLER=…`, `OTEL_TRACES_SAMPLER_ARG=…` and "
        + "`OTEL_SWIFT_TRACES_SAMPLER_RULES=…`, which beat the environment; read at the start and, by "
        + "the services, at every SIGHUP"),
  ]

  private static let exporters: [EnvironmentVariable] = [
    .list("OTEL_TRACES_EXPORTER", settings.traces.exporters, "where spans go"),
    .list("OTEL_METRICS_EXPORTER", settings.metrics.exporters, "where metrics go"),
    .list(
      "OTEL_LOGS_EXPORTER", settings.logs.exporters,
      "where log records go, beside standard output: with `console` lines there are for people, "
        + "else JSON"),
    Self(
      "OTEL_SWIFT_OTLP_FILE_DIRECTORY", values: "path", default: settings.fileDirectory.standard,
      "where `otlp/file` writes `traces.jsonl`, `metrics.jsonl` and `logs.jsonl`, each of at most "
        + "64 MiB and as much of what was before"
    ) {
      if let path = $0.text("OTEL_SWIFT_OTLP_FILE_DIRECTORY") { $1.fileDirectory = path }
    },
  ]

  private static let metrics: [EnvironmentVariable] = [
    .milliseconds(
      "OTEL_METRIC_EXPORT_INTERVAL", settings.metrics.exportInterval, minimum: 1,
      "time from the start of one collection to the start of the next"),
    .timeout(
      "OTEL_METRIC_EXPORT_TIMEOUT", [settings.metrics.exportTimeout],
      "longest time that one export may take, retries included"),
    .choice(
      "OTEL_METRICS_EXEMPLAR_FILTER", [settings.metrics.exemplarFilter],
      "measurements that may become exemplars"),
  ]

  private static let otlpMetrics: [EnvironmentVariable] = [
    .choice(
      "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", [settings.metrics.temporality],
      "whether points count since the start or since the point before"),
    .choice(
      "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
      [settings.metrics.histogramAggregation],
      "how a histogram is kept when nothing more specific is asked for"),
  ]

  private static func batching(
    _ prefix: String, _ records: String, _ path: SettingPath<TelemetryConfiguration.Batching>
  ) -> [EnvironmentVariable] {
    [
      .milliseconds(
        "\(prefix)_SCHEDULE_DELAY", path.scheduleDelay, minimum: 1,
        "longest time that \(records) wait for others"),
      .timeout(
        "\(prefix)_EXPORT_TIMEOUT", [path.exportTimeout],
        "longest time that the export of one batch may take, retries included"),
      .integer(
        "\(prefix)_MAX_QUEUE_SIZE", path.queueRecordsMax, minimum: 1,
        "\(records) that may wait; more are dropped and counted"),
      batchSize("\(prefix)_MAX_EXPORT_BATCH_SIZE", records, path),
    ]
  }

  private static func batchSize(
    _ name: String, _ records: String, _ path: SettingPath<TelemetryConfiguration.Batching>
  ) -> EnvironmentVariable {
    let size = EnvironmentVariable.integer(
      name, path.batchRecordsMax, minimum: 1,
      "\(records) in one batch; never more than may wait")
    return Self(name, values: size.values, default: size.defaultText, size.meaning) {
      size.read(&$0, &$1)
      let queueRecordsMax = path.queueRecordsMax.get($1)
      guard path.batchRecordsMax.get($1) > queueRecordsMax else { return }
      // A queue that is made smaller than the default batch needs no comment.
      if $0.text(name) != nil { $0.warn(name, "more than may wait; using \(queueRecordsMax)") }
      path.batchRecordsMax.set(&$1, queueRecordsMax)
    }
  }
}
