public import Logging

/// Every setting of the telemetry module, with the defaults of the OpenTelemetry specification
/// ("Environment Variable Specification", "OTLP Exporter Configuration").
///
/// A program sets properties in code, and may then let the environment override them with
/// ``apply(environment:)``. Each property names the variable that sets it; ``EnvironmentVariable``
/// lists them all.
public struct TelemetryConfiguration: Sendable, Equatable {
  /// Whether no telemetry is made at all. Context is still propagated.
  /// `OTEL_SDK_DISABLED`, default `false`.
  public var isDisabled = false

  /// The name of this service, as the resource attribute `service.name`; beats
  /// ``resourceAttributes``. `OTEL_SERVICE_NAME`, default none: `unknown_service:<executable>`.
  public var serviceName: String?

  /// Attributes of the resource that all telemetry of the process describes; they beat what is
  /// detected. `OTEL_RESOURCE_ATTRIBUTES` adds to them, attribute by attribute. Default none.
  public var resourceAttributes: [String: String] = [:]

  /// What is detected about the process and its surroundings when it starts.
  /// `OTEL_SWIFT_RESOURCE_DETECTORS`, default `service,process,host,os,container`.
  public var resourceDetectors: [ResourceDetector] = [.service, .process, .host, .os, .container]

  /// The least severe of the module's own diagnostics that is reported.
  /// `OTEL_LOG_LEVEL`, default `info`.
  public var diagnosticLevel = Logger.Level.info

  /// The formats in which context is read from and written to requests, in order.
  /// `OTEL_PROPAGATORS`, default `tracecontext,baggage`.
  public var propagators: [PropagatorName] = [.traceContext, .baggage]

  /// Where the exporter `otlp/file` writes `traces.jsonl`, `metrics.jsonl` and `logs.jsonl`.
  /// `OTEL_SWIFT_OTLP_FILE_DIRECTORY`, default `telemetry`.
  public var fileDirectory = "telemetry"

  /// A file that says what is to be changed while the process runs; `nil` changes nothing.
  /// `OTEL_SWIFT_RUNTIME_FILE`, default none.
  public var runtimeFile: String?

  public var traces = Traces()
  public var metrics = Metrics()
  public var logs = Logs()

  /// What cannot be sent over OTLP is kept on disk. `OTEL_SWIFT_OTLP_SPOOL_…`, default not.
  package var spool = Spool()

  /// The longest that flushing and shutting everything down may take in all, whatever the
  /// exporters do. No variable, default 5 s.
  public var shutdownTimeout = Duration.seconds(5)

  /// The defaults of the specification.
  public init() {}
}

extension TelemetryConfiguration {
  public struct Traces: Sendable, Equatable {
    /// Where spans go. `OTEL_TRACES_EXPORTER`, default `otlp`; empty means nowhere.
    public var exporters: [ExporterName] = [.otlp]
    /// `OTEL_EXPORTER_OTLP_TRACES_…`, else `OTEL_EXPORTER_OTLP_…`.
    public var otlp = OTLP(signal: .traces)
    /// `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`, default `parentbased_always_on`.
    public var sampler = SamplerName.parentBased(root: .alwaysOn)
    /// Shares of traces by the name of their root, before ``sampler`` is asked; the first that
    /// matches counts. `OTEL_SWIFT_TRACES_SAMPLER_RULES`, default none.
    public var rules: [SamplingRule] = []
    /// Whether a trace that is not sampled is exported all the same, as far as this process made
    /// it, when its first span here fails. `OTEL_SWIFT_TRACES_KEEP_ERRORS`, default `false`.
    public var keepsErrors = false
    /// `OTEL_BSP_…`, default every 5 s.
    public var batching = Batching(scheduleDelay: .seconds(5))
    /// `OTEL_SPAN_…_LIMIT` and others.
    public var limits = SpanLimits()
  }

  public struct Metrics: Sendable, Equatable {
    /// Where metrics go. `OTEL_METRICS_EXPORTER`, default `otlp`; empty means nowhere.
    public var exporters: [ExporterName] = [.otlp]
    /// `OTEL_EXPORTER_OTLP_METRICS_…`, else `OTEL_EXPORTER_OTLP_…`.
    public var otlp = OTLP(signal: .metrics)
    /// From the start of one collection to the start of the next.
    /// `OTEL_METRIC_EXPORT_INTERVAL`, default 60,000 ms, at least 1 ms.
    public var exportInterval = Duration.seconds(60)
    /// The longest that one export may take, retries included; `nil` is no limit.
    /// `OTEL_METRIC_EXPORT_TIMEOUT`, default 30,000 ms, `0` for no limit.
    public var exportTimeout: Duration? = .seconds(30)
    /// `OTEL_METRICS_EXEMPLAR_FILTER`, default `trace_based`.
    public var exemplarFilter = ExemplarFilter.traceBased
    /// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, default `cumulative`.
    public var temporality = TemporalityPreference.cumulative
    /// `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`, default
    /// `explicit_bucket_histogram`.
    public var histogramAggregation = HistogramAggregation.explicitBucketHistogram
    /// How many attribute sets one metric keeps, the overflow set included. No variable,
    /// default 2,000, at least 2.
    public var cardinalityMax = 2_000
    /// Whether the `process.*` metrics are collected. No variable, default `true`.
    public var includesProcessMetrics = true
    /// Whether the module's own metrics, `otel.sdk.*` and others, are collected. No variable,
    /// default `true`.
    public var includesSDKMetrics = true
  }

  public struct Logs: Sendable, Equatable {
    /// Where log records go beside standard output. `OTEL_LOGS_EXPORTER`, default `otlp`; empty
    /// means nowhere.
    public var exporters: [ExporterName] = [.otlp]
    /// `OTEL_EXPORTER_OTLP_LOGS_…`, else `OTEL_EXPORTER_OTLP_…`.
    public var otlp = OTLP(signal: .logs)
    /// `OTEL_BLRP_…`, default every 1 s.
    public var batching = Batching(scheduleDelay: .seconds(1))
    /// `OTEL_LOGRECORD_…_LIMIT` and others.
    public var limits = LogRecordLimits()
  }
}
