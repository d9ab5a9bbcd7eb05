import OTLP

/// What waits on disk. OpenTelemetry has no names for it, so these are the module's own.
struct SpoolInstruments: Sendable {
  private let usage: ObservableInstrument
  private let waiting: ObservableInstrument
  private let stored: ObservableInstrument
  private let recovered: ObservableInstrument

  init(_ meter: TelemetryMeter) {
    usage = meter.observableUpDownCounter(
      "telemetry.spool.usage", unit: "By",
      description: "Size of all files of telemetry that waits on disk.")
    waiting = meter.observableUpDownCounter(
      "telemetry.spool.waiting", unit: "{record}",
      description: "Records of this process that wait on disk.")
    stored = meter.observableCounter(
      "telemetry.spool.stored", unit: "{record}",
      description: "Records that were written to disk.")
    recovered = meter.observableCounter(
      "telemetry.spool.recovered", unit: "{record}",
      description: "Records of other processes that were delivered, or lost.")
  }

  func observe(_ statistics: TelemetryStatistics, _ observer: borrowing MetricObserver) {
    for (component, exporter) in statistics.exporters {
      guard let spool = exporter.spool else { continue }
      let attributes = component.attributes
      observer.observe(waiting, spool.waitingRecords, attributes)
      observer.observe(stored, spool.storedRecords, attributes)
      observer.observe(recovered, spool.recovered.exported, attributes)
      for (reason, count) in spool.recovered.dropped {
        observer.observe(
          recovered, count, attributes + [Attribute("error.type", .string(reason.rawValue))])
      }
    }
    if let bytes = statistics.spoolBytes { observer.observe(usage, bytes) }
  }
}
