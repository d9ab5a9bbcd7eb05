public import CoreMetrics

/// What swift-metrics holds when an instrument has several metrics, or its metric leaves attributes
/// out.
extension BoundInstrument: CounterHandler, FloatingPointCounterHandler, MeterHandler,
  RecorderHandler, TimerHandler
{
  public func increment(by amount: Int64) { record(amount) }
  public func increment(by amount: Double) { move(by: amount) }
  public func decrement(by amount: Double) { move(by: -amount) }
  public func set(_ value: Int64) { forEach { $0.assign(value) } }
  public func set(_ value: Double) { forEach { $0.assign(value) } }
  public func recordNanoseconds(_ duration: Int64) { record(TimerUnit.seconds(duration)) }
  public func reset() { forEach { $0.reset() } }
}
