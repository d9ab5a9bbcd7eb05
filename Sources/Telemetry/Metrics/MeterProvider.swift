import Logging
package import OTLP
import Synchronization

/// Everything that measures in a process, and what its readers collect (specification,
/// "MeterProvider").
package final class MeterProvider: Sendable {
  private let collectors: [MetricCollector]
  private let views: [MetricView]
  private let environment: MetricEnvironment
  private let callbacks = CallbackList()
  private let registries = Mutex<[InstrumentationScope: InstrumentRegistry]>([:])

  /// - Parameter readers: What each reader wants; `collect` knows them by their place.
  package init(
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
  }

  /// The meter of a part of the program.
  package func meter(_ scope: InstrumentationScope) -> TelemetryMeter {
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

  package func meter(_ name: String, version: String = "") -> TelemetryMeter {
    meter(InstrumentationScope(name: name, version: version))
  }

  /// Asks all callbacks for a reader. Not twice at a time for the same one.
  package func observe(reader: Int) {
    collectors[reader].beginObservation()
    callbacks.call(reader: reader)
  }

  /// What a reader's metrics are now.
  /// - Parameter includesObserved: Whether `observe` has come to its end.
  package func collect(reader: Int, includesObserved: Bool = true) -> [ScopeMetrics] {
    collectors[reader].collect(includesObserved: includesObserved)
  }
}
