package import CoreMetrics
package import Sockets

/// The metrics of a process: what measures, and a reader for each way out.
package final class MetricsSignal: MetricsPipeline {
  package let provider: MeterProvider
  package let factory: any MetricsFactory
  private let readers: [PeriodicReader]

  /// - Parameters:
  ///   - instruments: What is known of instruments that are made through swift-metrics.
  ///   - views: What becomes of instruments' measurements, where not the default.
  ///   - own: The program's own exporters.
  package init(
    _ parts: MetricsPipelineParts, instruments: [InstrumentDescription] = [],
    views: [MetricView] = [],
    own: [(settings: MetricReaderSettings, exporter: any MetricExporter)] = []
  ) {
    let configuration = parts.configuration
    var exporters: [(settings: MetricReaderSettings, exporter: any MetricExporter)] = []
    for exporter in parts.exporters {
      exporters.append((MetricReaderSettings(configuration), exporter))
    }
    if let console = parts.console {
      var settings = MetricReaderSettings()
      settings.cardinalityMax = configuration.cardinalityMax
      exporters.append((settings, ConsoleMetricExporter(console)))
    }
    exporters += own
    var environment = MetricEnvironment()
    environment.exemplarFilter = configuration.exemplarFilter
    environment.log = parts.log
    let provider = MeterProvider(
      readers: exporters.map(\.settings), views: views, environment: environment)
    self.provider = provider
    factory = TelemetryMetricsFactory(provider.meter(parts.scope), descriptions: instruments)
    if configuration.includesProcessMetrics {
      ProcessMetrics.register(with: provider.meter(parts.scope))
    }
    let sdkMetrics = configuration.includesSDKMetrics ? SDKMetrics.register(provider, parts) : nil
    var reading = PeriodicReader.Configuration()
    reading.interval = configuration.exportInterval
    reading.exportTimeout = configuration.exportTimeout
    readers = exporters.enumerated().map { index, pair in
      var reading = reading
      let component = TelemetryComponent.periodicReader()
      reading.onCollection = { sdkMetrics?.collected(by: component, in: $0, isComplete: $1) }
      return PeriodicReader(
        provider: provider, reader: index, exporter: pair.exporter, configuration: reading,
        loop: parts.loop)
    }
  }

  package func forceFlush(deadline: MonotonicInstant) async -> Bool {
    await all { await $0.forceFlush(deadline: deadline) }
  }

  package func shutdown(deadline: MonotonicInstant) async -> Bool {
    await all { await $0.shutdown(deadline: deadline) }
  }

  /// Whether `body` says so for all readers, which it is called for at once.
  private func all(_ body: @escaping @Sendable (PeriodicReader) async -> Bool) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      for reader in readers { group.addTask { await body(reader) } }
      return await group.reduce(true) { $0 && $1 }
    }
  }
}

extension MetricReaderSettings {
  fileprivate init(_ configuration: TelemetryConfiguration.Metrics) {
    self.init()
    temporality = configuration.temporality
    histogramAggregation = configuration.histogramAggregation
    cardinalityMax = configuration.cardinalityMax
  }
}
