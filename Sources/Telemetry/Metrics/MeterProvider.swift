import Logging
public import OTLP
import Synchronization

/// Everything that measures in a process, and what its readers collect (specification,
/// "MeterProvider").
public final class MeterProvider: Sendable {
  private let collectors: [MetricCollector]
  private let views: [MetricView]
  private let environment: MetricEnvironment
  private let callbacks = CallbackList()
  private let registries = Mutex<[InstrumentationScope: InstrumentRegistry]>([:])

  /// - Parameter readers: What each reader wants; `collect` knows them by their place.
  public init(
    readers: [MetricReaderSettings], views: [MetricView] = [],
    environment: MetricEnvironment = MetricEnvironment()
  ) {
    collectors = readers.map { MetricCollector($0, environment) }
    self.views = views.filter { view in
      if view.isNamingMany {
        environment.log.log(
          .warning, "a view that may select several instruments cannot give them one name; ignored")
      }
      return !view.isNamingMany
    }
    self.environment = environment
    for reader in readers {
      for (kind, aggregation) in reader.aggregations {
        guard let objection = aggregation.objection(for: kind) else { continue }
        environment.log.log(
          .warning, "a reader's aggregation cannot be used for a \(kind.rawValue): \(objection)")
      }
    }
  }

  /// The meter of a part of the program.
  public func meter(_ scope: InstrumentationScope) -> TelemetryMeter {
    let registry = registries.withLock { registries in
      if let known = registries[scope] { return known }
      if scope.name.isEmpty { environment.log.log(.warning, "a meter has no name") }
      let new = InstrumentRegistry(
        scope, collectors: collectors, views: views, callbacks: callbacks, log: environment.log)
      registries[scope] = new
      return new
    }
    return TelemetryMeter(registry: registry)
  }

  public func meter(_ name: String, version: String = "") -> TelemetryMeter {
    meter(InstrumentationScope(name: name, version: version))
  }

  /// Asks all callbacks for a reader. Not twice at a time for the same one.
  public func observe(reader: Int) {
    collectors[reader].beginObservation()
    callbacks.call(reader: reader)
  }

  /// What a reader's metrics are now.
  /// - Parameter includesObserved: Whether `observe` has come to its end.
  public func collect(reader: Int, includesObserved: Bool = true) -> [ScopeMetrics] {
    collectors[reader].collect(includesObserved: includesObserved)
  }
}
