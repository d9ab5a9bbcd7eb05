import OTLP
import Synchronization

/// The value that was set last, which may also be moved.
final class LastValueSeries: MetricSeries, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: as for `MetricSeries`.
  /// The bits of an `Int64` or of a `Double`.
  private let value = Atomic<UInt64>(0)
  private let isSet = Atomic<Bool>(false)
  private let gate = Atomic<UInt64>(0)
  private let isInteger: Bool
  private let hasExemplars: Bool

  init(_ attributes: AttributeSet, _ context: SeriesContext, isInteger: Bool) {
    self.isInteger = isInteger
    hasExemplars = context.policy != nil
    super.init(attributes, context)
  }

  override func aggregate(_ value: Int64) -> Bool {
    store(isInteger ? UInt64(bitPattern: value) : Double(value).bitPattern)
  }

  /// A whole number's gauge keeps the nearest one, and does not take what is none.
  override func aggregate(_ value: Double) -> Bool {
    guard isInteger else { return store(value.bitPattern) }
    guard let whole = Int64(exactly: value.rounded()) else { return false }
    return store(UInt64(bitPattern: whole))
  }

  private func store(_ bits: UInt64) -> Bool {
    value.store(bits, ordering: .relaxed)
    isSet.store(true, ordering: .releasing)
    return hasExemplars && gate.countsToOpen()
  }

  override func assign(_ value: Int64) { measure(value) }

  override func move(by amount: Double) {
    if isInteger {
      guard let whole = Int64(exactly: amount.rounded()) else { return }
      value.wrappingAdd(UInt64(bitPattern: whole), ordering: .relaxed)
    } else {
      guard amount.isFinite else { return }
      value.add(amount)
    }
    isSet.store(true, ordering: .releasing)
  }

  override func withGate(of value: MetricNumber, _ body: (inout ExemplarGate) -> Void) {
    gate.update(body)
  }

  override var isUntouched: Bool { !isSet.load(ordering: .acquiring) }

  override func collect(into points: inout MetricPoints) -> Bool {
    guard isSet.load(ordering: .acquiring) else { return false }
    gate.store(0, ordering: .relaxed)
    let bits = value.load(ordering: .relaxed)
    points.append(
      isInteger ? .int(Int64(bitPattern: bits)) : .double(Double(bitPattern: bits)), of: self)
    return true
  }

  override func clear() { isSet.store(false, ordering: .releasing) }
}
