import OTLP
import Synchronization

/// What one reader collects from: streams of its own, so that readers do not touch each other.
final class MetricCollector: Sendable {
  private enum Stream: Sendable {
    case told(MetricStream)
    case observed(ObservedStream)

    var configuration: StreamConfiguration {
      switch self {
      case .told(let stream): stream.configuration
      case .observed(let stream): stream.configuration
      }
    }
  }

  private struct Scope {
    let scope: InstrumentationScope
    var streams: [Stream] = []
  }

  private struct State {
    var scopes: [Scope] = []
    var lastTime: UInt64 = 0
  }

  let settings: MetricReaderSettings
  private let environment: MetricEnvironment
  private let state = Mutex(State())

  init(_ settings: MetricReaderSettings, _ environment: MetricEnvironment) {
    self.settings = settings
    self.environment = environment
  }

  /// The streams of one instrument, which are made unless another instrument has the same.
  /// - Parameter onConflict: Is told of two metrics with the same name, the new one first.
  func streams(
    _ configurations: [StreamConfiguration], of scope: InstrumentationScope,
    onConflict: (StreamConfiguration, StreamConfiguration) -> Void
  ) -> [MetricStream] {
    add(configurations, of: scope, onConflict) { .told(MetricStream($0, environment)) }
      .compactMap { if case .told(let stream) = $0 { stream } else { nil } }
  }

  /// As `streams`, for an instrument that is observed.
  func observedStreams(
    _ configurations: [StreamConfiguration], of scope: InstrumentationScope,
    onConflict: (StreamConfiguration, StreamConfiguration) -> Void
  ) -> [ObservedStream] {
    add(configurations, of: scope, onConflict) { .observed(ObservedStream($0, environment)) }
      .compactMap { if case .observed(let stream) = $0 { stream } else { nil } }
  }

  private func add(
    _ configurations: [StreamConfiguration], of scope: InstrumentationScope,
    _ onConflict: (StreamConfiguration, StreamConfiguration) -> Void,
    make: (StreamConfiguration) -> Stream
  ) -> [Stream] {
    state.withLock { state in
      let index: Int
      if let known = state.scopes.firstIndex(where: { $0.scope == scope }) {
        index = known
      } else {
        index = state.scopes.count
        state.scopes.append(Scope(scope: scope))
      }
      let before = state.scopes[index].streams
      return configurations.map { configuration in
        // Not one of this very instrument, which would count everything twice.
        if let same = before.first(where: { $0.configuration.isIdentical(to: configuration) }) {
          return same
        }
        let namesake = state.scopes[index].streams.first {
          $0.configuration.name.lowercased() == configuration.name.lowercased()
        }
        if let namesake { onConflict(configuration, namesake.configuration) }
        let new = make(configuration)
        state.scopes[index].streams.append(new)
        return new
      }
    }
  }

  /// Forgets what was observed before; callbacks come next.
  func beginObservation() {
    for scope in state.withLock({ $0.scopes }) {
      for case .observed(let stream) in scope.streams { stream.begin() }
    }
  }

  /// All metrics that have points, by name within their scope.
  /// - Parameter includesObserved: Whether the callbacks have come to their end.
  func collect(includesObserved: Bool) -> [ScopeMetrics] {
    let now = environment.unixNanoseconds()
    let (scopes, time) = state.withLock { state in
      // A clock that was set back must not make an interval that ends before it begins.
      state.lastTime = max(now, state.lastTime &+ 1)
      return (state.scopes, state.lastTime)
    }
    let own = scopes.compactMap { scope -> ScopeMetrics? in
      let metrics = scope.streams.compactMap { stream -> MetricRecord? in
        filtered(stream.configuration.identity(in: scope.scope)) {
          switch stream {
          case .told(let stream): stream.collect(at: time)
          case .observed(let stream): includesObserved ? stream.collect(at: time) : nil
          }
        }
      }
      guard !metrics.isEmpty else { return nil }
      return ScopeMetrics(scope: scope.scope, metrics: metrics.sorted { $0.name < $1.name })
    }
    return settings.producers.isEmpty ? own : own + produced(at: time)
  }

  /// What producers bring, as far as it is wanted.
  private func produced(at time: UInt64) -> [ScopeMetrics] {
    settings.producers.flatMap { $0.produce(at: time, filter: settings.filter) }.compactMap {
      brought in
      var scope = brought
      scope.metrics = brought.metrics.compactMap { metric in
        let identity = MetricIdentity(
          scope: brought.scope, name: metric.name, unit: metric.unit, kind: nil)
        return filtered(identity) { metric }
      }
      return scope.metrics.isEmpty ? nil : scope
    }
  }

  private func filtered(
    _ metric: @autoclosure () -> MetricIdentity, _ collect: () -> MetricRecord?
  ) -> MetricRecord? {
    guard let filter = settings.filter else { return collect() }
    return filter.filtered(metric(), collect)
  }
}
