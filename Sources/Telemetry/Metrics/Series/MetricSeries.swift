import OTLP
import Synchronization

/// One series of a metric stream: what was measured with one set of attributes, aggregated.
///
/// Any thread measures at any time, without waiting for a collection. Subclasses aggregate.
class MetricSeries: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: everything stored here and in the subclasses is constant,
  // atomic, or behind a lock.
  final let attributes: AttributeSet
  final let key: AttributeKey
  final let exemplars: (any ExemplarReservoir)?
  private final let context: SeriesContext
  /// When the series, or what it counts, began.
  final let start: Atomic<UInt64>
  /// Who holds the series without looking it up; it must not be forgotten meanwhile.
  private final let holders = Atomic<Int>(0)
  private final let isEndedFlag = Atomic<Bool>(false)

  init(_ attributes: AttributeSet, _ context: SeriesContext) {
    self.attributes = attributes
    key = AttributeKey(attributes)
    self.context = context
    exemplars = context.policy?.reservoir(for: attributes.attributes)
    start = Atomic(context.unixNanoseconds())
  }

  // MARK: Measuring

  /// Takes a measurement.
  /// - Parameter filtered: The attributes of the measurement that the series does not have.
  @inline(__always)
  final func measure(_ value: Int64, filtered: @autoclosure () -> [Attribute] = []) {
    if aggregate(value) { offer(.int(value), filtered()) }
  }

  @inline(__always)
  final func measure(_ value: Double, filtered: @autoclosure () -> [Attribute] = []) {
    if aggregate(value) { offer(.double(value), filtered()) }
  }

  /// Aggregates a measurement.
  /// - Returns: Whether it should be offered as an exemplar.
  func aggregate(_ value: Int64) -> Bool { aggregate(Double(value)) }
  func aggregate(_ value: Double) -> Bool { false }

  /// Makes the value what is given, where that has a meaning.
  func assign(_ value: Double) { measure(value) }
  func assign(_ value: Int64) { assign(Double(value)) }

  /// Moves the value up or down, where that has a meaning.
  func move(by amount: Double) { measure(amount) }

  /// Offers a measurement as an exemplar.
  @inline(never)
  final func offer(_ value: MetricNumber, _ filtered: [Attribute]) {
    guard let policy = context.policy, let exemplars else { return }
    var gate = ExemplarGate()
    withGate(of: value) { gate = $0 }
    policy.offer(value, filtered: filtered, to: exemplars, &gate)
    withGate(of: value) { $0 = gate }
  }

  /// Calls `body` with the gate through which a measurement of this value goes.
  func withGate(of value: MetricNumber, _ body: (inout ExemplarGate) -> Void) {}

  // MARK: Collecting

  /// Appends the point, if there is one. A delta begins anew.
  /// - Returns: Whether there was something.
  func collect(into points: inout MetricPoints) -> Bool { false }

  /// Whether nothing was measured since the last delta was collected.
  var isUntouched: Bool { true }

  /// Forgets everything that was measured.
  func clear() {}

  /// Begins anew.
  final func reset() {
    clear()
    start.store(context.unixNanoseconds(), ordering: .relaxed)
  }

  // MARK: Holders

  final var isHeld: Bool { holders.load(ordering: .acquiring) > 0 }
  /// Whether its last holder said that there will be no more measurements.
  final var isEnded: Bool { isEndedFlag.load(ordering: .acquiring) && !isHeld }

  final func hold() {
    holders.wrappingAdd(1, ordering: .acquiringAndReleasing)
    isEndedFlag.store(false, ordering: .releasing)
  }

  /// - Parameter isEnd: Whether the holder knows that there will be no more measurements.
  final func release(isEnd: Bool) {
    if isEnd { isEndedFlag.store(true, ordering: .releasing) }
    holders.wrappingSubtract(1, ordering: .acquiringAndReleasing)
  }
}
