import Synchronization

/// All series of a process.
final class MetricRegistry: Sendable {
  private struct Metric {
    var series: [SeriesKey: any MetricSeries] = [:]
  }

  let catalog: InstrumentCatalog
  private let metrics = Mutex<[MetricIdentity: Metric]>([:])
  private let cardinalityMax: Int

  /// - Parameter cardinalityMax: Series that one metric may have; the last one takes what would be
  ///   one too many.
  init(cardinalityMax: Int, catalog: InstrumentCatalog) {
    self.cardinalityMax = max(2, cardinalityMax)
    self.catalog = catalog
  }

  /// The series of `identity` with these dimensions, made by `make` when it is new.
  func series<Series: MetricSeries>(
    _ identity: MetricIdentity, _ dimensions: [(String, String)], make: () -> Series
  ) -> Series {
    let key = SeriesKey(dimensions)
    return metrics.withLock { metrics in
      var metric = metrics[identity] ?? Metric()
      defer { metrics[identity] = metric }
      if let known = metric.series[key] as? Series { return known }
      let isFull = metric.series.count >= cardinalityMax - 1
      let actual = isFull ? SeriesKey.overflow : key
      if let known = metric.series[actual] as? Series { return known }
      let made = make()
      metric.series[actual] = made
      return made
    }
  }

  /// Every metric with the points of its series, by name.
  func snapshot() -> [(identity: MetricIdentity, points: [(SeriesKey, MetricPoint)])] {
    let all = metrics.withLock { $0.map { ($0.key, $0.value.series) } }
    return all.sorted { $0.0.name < $1.0.name }.map { identity, series in
      (identity, series.map { ($0.key, $0.value.point) })
    }
  }
}
