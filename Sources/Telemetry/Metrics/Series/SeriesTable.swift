import OTLP
import Synchronization

/// The series of one metric stream.
///
/// Measurements read it under the lock of their thread's shard, so they never wait for each other;
/// what changes it takes the locks of all shards, for the few stores that takes.
final class SeriesTable: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: `state` is read under the lock of one shard and changed under
  // the locks of all; `changes` lets only one change be prepared at a time.
  private struct State: ~Copyable {
    var index = SeriesIndex(capacity: 4)
    /// In the order in which they were made.
    var series: [MetricSeries] = []
    /// Where new sets of attributes go; nil while they become series of their own.
    var overflow: Unmanaged<MetricSeries>?
  }

  private let state: UnsafeMutablePointer<State>
  private let locks = Sharded { Mutex(()) }
  private let changes = Mutex(())
  private let filter: AttributeFilter?
  private let isFiltered: Bool
  private let seriesMax: Int
  private let make: @Sendable (AttributeSet) -> MetricSeries

  /// - Parameters:
  ///   - filter: Which attributes series have; nil is all.
  ///   - seriesMax: How many sets of attributes are kept apart; more share one series.
  ///   - make: Makes the series of a new set of attributes.
  init(
    filter: AttributeFilter?, seriesMax: Int,
    make: @escaping @Sendable (AttributeSet) -> MetricSeries
  ) {
    self.filter = filter
    isFiltered = filter != nil
    self.seriesMax = max(1, seriesMax)
    self.make = make
    state = .allocate(capacity: 1)
    state.initialize(to: State())
  }

  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
  }

  // MARK: Measuring

  private enum Outcome: Sendable {
    case aggregated
    /// The measurement should be offered as an exemplar.
    case offered(MetricSeries)
    case unknown
  }

  /// Aggregates a measurement into the series with these attributes, which is made when it is new.
  @inline(__always)
  func record(
    _ attributes: UnsafeBufferPointer<Attribute>, _ value: MetricNumber,
    _ aggregate: (MetricSeries) -> Bool
  ) {
    if isFiltered { return recordFiltered(attributes, value, aggregate) }
    let hash = AttributeHash.hash(attributes)
    let outcome = locks.local.pointee.withLock { _ in
      finish(state.pointee.index.find(hash, attributes), attributes, aggregate)
    }
    if case .aggregated = outcome { return }
    complete(outcome, attributes, value, aggregate)
  }

  @inline(never)
  private func recordFiltered(
    _ attributes: UnsafeBufferPointer<Attribute>, _ value: MetricNumber,
    _ aggregate: (MetricSeries) -> Bool
  ) {
    guard let filter else { return }
    let hash = AttributeHash.hash(attributes, filter)
    let outcome = locks.local.pointee.withLock { _ in
      finish(state.pointee.index.find(hash, attributes, filter), attributes, aggregate)
    }
    complete(outcome, attributes, value, aggregate)
  }

  /// Under a lock.
  @inline(__always)
  private func finish(
    _ found: Unmanaged<MetricSeries>?, _ attributes: UnsafeBufferPointer<Attribute>,
    _ aggregate: (MetricSeries) -> Bool
  ) -> Outcome {
    guard let series = found ?? overflow(attributes) else { return .unknown }
    guard series._withUnsafeGuaranteedRef(aggregate) else { return .aggregated }
    return .offered(series.takeUnretainedValue())
  }

  /// Where attributes go that were not found; nil where they become a series of their own.
  @inline(__always)
  private func overflow(
    _ attributes: UnsafeBufferPointer<Attribute>
  ) -> Unmanaged<MetricSeries>? {
    guard let overflow = state.pointee.overflow else { return nil }
    // Not finding a name that is given twice says nothing.
    return AttributeSet.hasNameTwice(attributes) ? nil : overflow
  }

  @inline(never)
  private func complete(
    _ outcome: Outcome, _ attributes: UnsafeBufferPointer<Attribute>, _ value: MetricNumber,
    _ aggregate: (MetricSeries) -> Bool
  ) {
    switch outcome {
    case .aggregated: break
    case .offered(let series): offer(attributes, value, to: series)
    case .unknown:
      let series = held(Array(attributes))
      if aggregate(series) { offer(attributes, value, to: series) }
      series.release(isEnd: false)
    }
  }

  private func offer(
    _ attributes: UnsafeBufferPointer<Attribute>, _ value: MetricNumber, to series: MetricSeries
  ) {
    series.offer(value, filtered(Array(attributes), in: series))
  }

  /// The attributes of a measurement that its series does not have.
  private func filtered(_ given: [Attribute], in series: MetricSeries) -> [Attribute] {
    let isOverflow = series.attributes.hash == AttributeSet.overflow.hash
    if isOverflow { return AttributeSet(given).attributes }
    return AttributeSet.dropped(from: given, by: filter)
  }

  /// The series for these attributes, which is not forgotten until it is released, and the
  /// attributes that it does not have.
  func bind(_ attributes: [Attribute]) -> (series: MetricSeries, filtered: [Attribute]) {
    let series = held(attributes)
    return (series, filtered(attributes, in: series))
  }

  // MARK: Changing

  private func held(_ attributes: [Attribute]) -> MetricSeries {
    let set = AttributeSet(attributes, keeping: filter)
    return changes.withLock { _ in
      let series = find(set) ?? add(set)
      series.hold()
      return series
    }
  }

  /// Under `changes`: nobody but the holder changes the state.
  private func find(_ set: AttributeSet) -> MetricSeries? {
    state.pointee.index.find(set)?.takeUnretainedValue()
  }

  /// Under `changes`.
  private func add(_ set: AttributeSet) -> MetricSeries {
    var set = set
    if ordinaryCount(state.pointee.index) >= seriesMax {
      set = .overflow
      if let overflow = find(set) { return overflow }
    }
    let new = make(set)
    let count = state.pointee.index.count
    if count < state.pointee.index.capacity {
      exclusively {
        state.pointee.index.insert(new)
        state.pointee.series.append(new)
        state.pointee.overflow = overflow(state.pointee.index)
      }
    } else {
      // Prepared before anyone has to wait.
      var series = state.pointee.series
      series.append(new)
      var index = SeriesIndex(capacity: count * 2)
      for one in series { index.insert(one) }
      exchange(&index, &series)
    }
    return new
  }

  /// How many sets of attributes are kept apart.
  private func ordinaryCount(_ index: borrowing SeriesIndex) -> Int {
    index.find(.overflow) == nil ? index.count : index.count - 1
  }

  /// The overflow series, if there is one and new sets of attributes have to go there.
  private func overflow(_ index: borrowing SeriesIndex) -> Unmanaged<MetricSeries>? {
    guard ordinaryCount(index) >= seriesMax else { return nil }
    return index.find(.overflow)
  }

  /// Under `changes`.
  private func exchange(_ index: inout SeriesIndex, _ series: inout [MetricSeries]) {
    let overflow = overflow(index)
    exclusively {
      swap(&state.pointee.index, &index)
      swap(&state.pointee.series, &series)
      state.pointee.overflow = overflow
    }
  }

  /// Calls `body` while no measurement reads the table.
  private func exclusively(from index: Int = 0, _ body: () -> Void) {
    guard index < locks.count else { return body() }
    locks[index].pointee.withLock { _ in exclusively(from: index + 1, body) }
  }

  // MARK: Collecting

  /// All series, in the order in which they were made.
  var all: [MetricSeries] { changes.withLock { _ in state.pointee.series } }

  /// Forgets the series for which `isForgotten` is true while nobody measures.
  /// - Returns: Those that were forgotten.
  func remove(where isForgotten: (MetricSeries) -> Bool) -> [MetricSeries] {
    changes.withLock { _ in
      let series = state.pointee.series
      guard series.contains(where: isForgotten) else { return [] }
      var kept: [MetricSeries] = []
      var forgotten: [MetricSeries] = []
      kept.reserveCapacity(series.count)
      forgotten.reserveCapacity(series.count)
      var index = SeriesIndex(capacity: max(series.count, 4))
      exclusively {
        for one in series {
          if isForgotten(one) {
            forgotten.append(one)
          } else {
            kept.append(one)
            index.insert(one)
          }
        }
        state.pointee.overflow = overflow(index)
        swap(&state.pointee.index, &index)
        swap(&state.pointee.series, &kept)
      }
      return forgotten
    }
  }
}
