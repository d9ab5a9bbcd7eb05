#if !SWIFT_OTEL
import CoreMetrics
import Logging
import Tracing

/// Backends that take everything and send nothing: what the middleware costs at the very least.
enum InMemoryTelemetry {
  static func bootstrap() {
    InstrumentationSystem.bootstrap(InMemoryTracer())
    MetricsSystem.bootstrap(InMemoryMetrics())
    LoggingSystem.bootstrap { _ in FormattingLogHandler() }
  }
}
#endif
