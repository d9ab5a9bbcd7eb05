extension TelemetryConfiguration {
  /// Where a signal goes; the names of `OTEL_TRACES_EXPORTER` and its siblings.
  public enum ExporterName: String, Sendable, EnvironmentChoice {
    /// To a collector, over OTLP.
    case otlp
    /// To the terminal, for people.
    case console
    /// To standard output, a line of OTLP/JSON for each batch (specification, "OTLP File Exporter").
    case otlpStdout = "otlp/stdout"
    /// To a file, such lines: ``TelemetryConfiguration/fileDirectory``.
    case otlpFile = "otlp/file"
  }

  /// A format in which context travels with a request; the names of `OTEL_PROPAGATORS`.
  public enum PropagatorName: String, Sendable, EnvironmentChoice {
    case traceContext = "tracecontext"
    case baggage
    /// Zipkin's, in one field.
    case b3
    /// Zipkin's, in several fields.
    case b3Multi = "b3multi"
    case jaeger
    /// OpenTracing's.
    case otTrace = "ottrace"
  }

  /// Which measurements may become exemplars; the names of `OTEL_METRICS_EXEMPLAR_FILTER`.
  public enum ExemplarFilter: String, Sendable, EnvironmentChoice {
    /// Those made inside a sampled span.
    case traceBased = "trace_based"
    case alwaysOn = "always_on"
    case alwaysOff = "always_off"
  }

  /// Whether the points of a metric count since the process started or since the point before;
  /// the names of `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
  public enum TemporalityPreference: String, Sendable, EnvironmentChoice {
    /// All instruments since the start.
    case cumulative
    /// Counters and histograms since the point before, up-down counters since the start.
    case delta
    /// Synchronous counters and histograms since the point before, the rest since the start.
    case lowMemory = "lowmemory"
  }

  /// How a histogram is kept when nothing more specific is asked for; the names of
  /// `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`.
  public enum HistogramAggregation: String, Sendable, EnvironmentChoice {
    case explicitBucketHistogram = "explicit_bucket_histogram"
    case base2ExponentialBucketHistogram = "base2_exponential_bucket_histogram"
  }

  /// Which traces are recorded (specification, "Built-in samplers").
  public enum SamplerName: Sendable, Equatable {
    case alwaysOn
    case alwaysOff
    /// The share of traces that is recorded, 0 to 1.
    case traceIDRatio(Double)
    /// What the parent decided; `root` decides where there is no parent.
    indirect case parentBased(root: SamplerName)

    /// As in `OTEL_TRACES_SAMPLER`.
    public var name: String {
      switch self {
      case .alwaysOn: "always_on"
      case .alwaysOff: "always_off"
      case .traceIDRatio: "traceidratio"
      case .parentBased(let root): "parentbased_\(root.name)"
      }
    }
  }

  /// Something that finds out attributes of the resource; the names of
  /// `OTEL_SWIFT_RESOURCE_DETECTORS`.
  public enum ResourceDetector: String, Sendable, EnvironmentChoice {
    /// `service.instance.id`, a new one for every process.
    case service
    /// `process.*`: number, executable, owner, start, runtime.
    case process
    /// `process.command` and `process.command_args`, which may hold secrets.
    case processArguments = "process_arguments"
    /// `host.*`: name, architecture, id.
    case host
    /// `os.*`: type, name, version.
    case os
    /// `container.id`.
    case container
  }
}
