import CoreMetrics

/// What swift-metrics holds when an instrument has several metrics, or its metric leaves attributes
/// out.
extension BoundInstrument: CounterHandler, FloatingPointCounterHandler, MeterHandler,
  RecorderHandler, TimerHandler
{
  package func increment(by amount: Int64) { record(amount) }
  package func increment(by amount: Double) { move(by: amount) }
  package func decrement(by amount: Double) { move(by: -amount) }
  package func set(_ value: Int64) { forEach { $0.assign(value) } }
  package func set(_ value: Double) { forEach { $0.assign(value) } }
  package func recordNanoseconds(_ duration: Int64) { record(TimerUnit.seconds(duration)) }
  package func reset() { forEach { $0.reset() } }
}
