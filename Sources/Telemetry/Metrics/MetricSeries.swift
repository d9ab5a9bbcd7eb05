/// One series: it takes measurements from any thread, and tells its point when asked.
protocol MetricSeries: AnyObject, Sendable {
  /// Forgets everything, as swift-metrics' `reset` asks for.
  func reset()
  var point: MetricPoint { get }
}
