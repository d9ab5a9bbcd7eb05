package import Logging

/// Every setting of the telemetry module, with the defaults of the OpenTelemetry specification
/// ("Environment Variable Specification", "OTLP Exporter Configuration").
///
/// A program sets properties in code, and may then let the environment override them with
/// ``apply(environment:)``. Each property names the variable that sets it; ``EnvironmentVariable``
/// lists them all.
package struct TelemetryConfiguration: Sendable, Equatable {
  /// Whether no telemetry is made at all. Context is still propagated.
  /// `OTEL_SDK_DISABLED`, default `false`.
  package var isDisabled = false

  /// The name of this service, as the resource attribute `service.name`; beats
  /// ``resourceAttributes``. `OTEL_SERVICE_NAME`, default none: `unknown_service:<executable>`.
  package var serviceName: String?

  /// Attributes of the resource that all telemetry of the process describes; they beat what is
  /// detected. `OTEL_RESOURCE_ATTRIBUTES` adds to them, attribute by attribute. Default none.
  package var resourceAttributes: [String: String] = [:]

  /// What is detected about the process and its surroundings when it starts.
  /// `OTEL_SWIFT_RESOURCE_DETECTORS`, default `service,process,host,os,container`.
  package var resourceDetectors: [ResourceDetector] = [.service, .process, .host, .os, .container]

  /// The least severe of the module's own diagnostics that is reported.
  /// `OTEL_LOG_LEVEL`, default `info`.
  package var diagnosticLevel = Logger.Level.info

  /// The formats in which context is read from and written to requests, in order.
  /// `OTEL_PROPAGATORS`, default `tracecontext,baggage`.
  package var propagators: [PropagatorName] = [.traceContext, .baggage]

  /// Where the exporter `otlp/file` writes `traces.jsonl`, `metrics.jsonl` and `logs.jsonl`.
  /// `OTEL_SWIFT_OTLP_FILE_DIRECTORY`, default `telemetry`.
  package var fileDirectory = "telemetry"

  package var traces = Traces()
  package var metrics = Metrics()
  package var logs = Logs()

  /// The longest that flushing and shutting everything down may take in all, whatever the
  /// exporters do. No variable, default 5 s.
  package var shutdownTimeout = Duration.seconds(5)

  /// The defaults of the specification.
  package init() {}
}

extension TelemetryConfiguration {
  package struct Traces: Sendable, Equatable {
    /// Where spans go. `OTEL_TRACES_EXPORTER`, default `otlp`; empty means nowhere.
    package var exporters: [ExporterName] = [.otlp]
    /// `OTEL_EXPORTER_OTLP_TRACES_…`, else `OTEL_EXPORTER_OTLP_…`.
    package var otlp = OTLP(signal: .traces)
    /// `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`, default `parentbased_always_on`.
    package var sampler = SamplerName.parentBased(root: .alwaysOn)
    /// `OTEL_BSP_…`, default every 5 s.
    package var batching = Batching(scheduleDelay: .seconds(5))
    /// `OTEL_SPAN_…_LIMIT` and others.
    package var limits = SpanLimits()
  }

  package struct Metrics: Sendable, Equatable {
    /// Where metrics go. `OTEL_METRICS_EXPORTER`, default `otlp`; empty means nowhere.
    package var exporters: [ExporterName] = [.otlp]
    /// `OTEL_EXPORTER_OTLP_METRICS_…`, else `OTEL_EXPORTER_OTLP_…`.
    package var otlp = OTLP(signal: .metrics)
    /// From the start of one collection to the start of the next.
    /// `OTEL_METRIC_EXPORT_INTERVAL`, default 60,000 ms, at least 1 ms.
    package var exportInterval = Duration.seconds(60)
    /// The longest that one export may take, retries included; `nil` is no limit.
    /// `OTEL_METRIC_EXPORT_TIMEOUT`, default 30,000 ms, `0` for no limit.
    package var exportTimeout: Duration? = .seconds(30)
    /// `OTEL_METRICS_EXEMPLAR_FILTER`, default `trace_based`.
    package var exemplarFilter = ExemplarFilter.traceBased
    /// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, default `cumulative`.
    package var temporality = TemporalityPreference.cumulative
    /// `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`, default
    /// `explicit_bucket_histogram`.
    package var histogramAggregation = HistogramAggregation.explicitBucketHistogram
    /// How many attribute sets one metric keeps, the overflow set included. No variable,
    /// default 2,000, at least 2.
    package var cardinalityMax = 2_000
    /// Whether the `process.*` metrics are collected. No variable, default `true`.
    package var includesProcessMetrics = true
  }

  package struct Logs: Sendable, Equatable {
    /// Where log records go beside standard output. `OTEL_LOGS_EXPORTER`, default `otlp`; empty
    /// means nowhere.
    package var exporters: [ExporterName] = [.otlp]
    /// `OTEL_EXPORTER_OTLP_LOGS_…`, else `OTEL_EXPORTER_OTLP_…`.
    package var otlp = OTLP(signal: .logs)
    /// `OTEL_BLRP_…`, default every 1 s.
    package var batching = Batching(scheduleDelay: .seconds(1))
    /// `OTEL_LOGRECORD_…_LIMIT` and others.
    package var limits = LogRecordLimits()
  }
}
