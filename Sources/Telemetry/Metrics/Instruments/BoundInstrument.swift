import OTLP
import Synchronization

/// An instrument with attributes that were looked up once (specification, "Instrument bind"): for
/// what is measured often with the same attributes. Its series are kept for as long as it is.
public final class BoundInstrument: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: nothing changes; `only` is one of `targets`, which are kept.
  private struct Target {
    let series: MetricSeries
    /// The attributes that the series does not have.
    let filtered: [Attribute]
  }

  /// The series when it is one that has all attributes, as nearly always.
  private let only: Unmanaged<MetricSeries>?
  private let targets: [Target]
  private let isEnded = Atomic<Bool>(false)

  init(_ targets: [(series: MetricSeries, filtered: [Attribute])]) {
    self.targets = targets.map { Target(series: $0.series, filtered: $0.filtered) }
    let isSimple = targets.count == 1 && targets[0].filtered.isEmpty
    only = isSimple ? .passUnretained(targets[0].series) : nil
  }

  deinit {
    if !isEnded.load(ordering: .relaxed) { forEach { $0.release(isEnd: false) } }
  }

  /// Says that there will be no more measurements: the series are collected once more and
  /// forgotten, unless someone else holds them.
  public func end() {
    guard !isEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
    forEach { $0.release(isEnd: true) }
  }

  @inline(__always)
  public func record(_ value: Int64) {
    if let only { return only._withUnsafeGuaranteedRef { $0.measure(value) } }
    for target in targets { target.series.measure(value, filtered: target.filtered) }
  }

  @inline(__always)
  public func record(_ value: Double) {
    if let only { return only._withUnsafeGuaranteedRef { $0.measure(value) } }
    for target in targets { target.series.measure(value, filtered: target.filtered) }
  }

  @inline(__always)
  func move(by amount: Double) {
    if let only { return only._withUnsafeGuaranteedRef { $0.move(by: amount) } }
    forEach { $0.move(by: amount) }
  }

  func forEach(_ body: (MetricSeries) -> Void) {
    for target in targets { body(target.series) }
  }
}
