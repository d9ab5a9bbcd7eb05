import OTLP
import Synchronization

/// The metric that one reader makes of what callbacks observe.
final class ObservedStream: Sendable {
  private struct Series {
    var value: MetricNumber
    let start: UInt64
  }

  private struct State {
    /// What was observed in the collection that is under way, and in which order.
    var values: [AttributeSet: MetricNumber] = [:]
    var order: [AttributeSet] = []
    /// What the collection before made known.
    var previous: [AttributeSet: Series] = [:]
    /// When the collection before was, or the instrument was made.
    var previousTime: UInt64

    /// How many sets of attributes are kept apart.
    var ordinaryCount: Int { values[.overflow] == nil ? values.count : values.count - 1 }
  }

  let configuration: StreamConfiguration
  private let state: Mutex<State>

  init(_ configuration: StreamConfiguration, _ environment: MetricEnvironment) {
    self.configuration = configuration
    state = Mutex(State(previousTime: environment.unixNanoseconds()))
  }

  /// Forgets what was observed: a new round of callbacks begins.
  func begin() {
    state.withLock { state in
      state.values.removeAll(keepingCapacity: true)
      state.order.removeAll(keepingCapacity: true)
    }
  }

  func observe(_ value: MetricNumber, _ attributes: [Attribute]) {
    guard let value = accepted(value) else { return }
    var set = AttributeSet(attributes, keeping: configuration.filter)
    state.withLock { state in
      if state.values[set] == nil, state.ordinaryCount >= configuration.seriesMax {
        set = .overflow
      }
      guard let before = state.values[set] else {
        state.values[set] = value
        state.order.append(set)
        return
      }
      // Different measurements meet in one series only when attributes were left out, or in the
      // overflow; otherwise it is the same one again.
      let areDifferent = configuration.filter != nil || set == .overflow
      state.values[set] = areDifferent && configuration.aggregation == .sum ? before + value : value
    }
  }

  /// A number of the instrument's type; nil for one that cannot be.
  private func accepted(_ value: MetricNumber) -> MetricNumber? {
    if configuration.isInteger {
      guard case .double(let number) = value else { return value }
      return Int64(exactly: number.rounded()).map { .int($0) }
    }
    let number = value.double
    return number.isFinite || configuration.aggregation == .lastValue ? .double(number) : nil
  }

  /// The metric as it was observed; nil when nothing was.
  func collect(at time: UInt64) -> MetricRecord? {
    let points = state.withLock { state -> MetricPoints in
      let isDelta = configuration.temporality == .delta
      let start = state.previousTime
      var points = MetricPoints(MetricPoints.Interval(start: isDelta ? start : nil, end: time))
      var now: [AttributeSet: Series] = [:]
      for set in state.order {
        guard let value = state.values[set] else { continue }
        let before = state.previous[set]
        now[set] = Series(value: value, start: before?.start ?? start)
        points.numbers.append(
          NumberPoint(
            attributes: set.attributes,
            startUnixNanoseconds: isDelta ? start : before?.start ?? start,
            unixNanoseconds: time,
            value: isDelta ? value.difference(from: before?.value) : value))
      }
      state.previous = now
      state.previousTime = time
      return points
    }
    return configuration.metric(points)
  }
}

extension MetricNumber {
  fileprivate static func + (a: MetricNumber, b: MetricNumber) -> MetricNumber {
    guard case .int(let x) = a, case .int(let y) = b else { return .double(a.double + b.double) }
    let (sum, hasOverflown) = x.addingReportingOverflow(y)
    return .int(hasOverflown ? (x > 0 ? .max : .min) : sum)
  }

  /// By how much a count rose; all of it when it began anew in between.
  fileprivate func difference(from before: MetricNumber?) -> MetricNumber {
    guard let before, double >= before.double else { return self }
    guard case .int(let x) = self, case .int(let y) = before else {
      return .double(double - before.double)
    }
    return .int(x &- y)
  }
}
