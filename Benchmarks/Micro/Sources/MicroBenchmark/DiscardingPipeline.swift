import CoreMetrics
import Glibc
import Logging
import OTLP
import Telemetry
import Tracing

/// The whole pipeline as a service has it, down to the last byte of every request; only the network
/// is missing, and lines go to `/dev/null`.
struct DiscardingPipeline {
  private static let queueRecordsMax = 65_536

  private let telemetry: Telemetry

  init() throws {
    var configuration = TelemetryConfiguration()
    configuration.serviceName = "micro-benchmark"
    // No program makes records without a pause; here a full queue would make them look cheap.
    configuration.traces.batching.queueRecordsMax = Self.queueRecordsMax
    configuration.logs.batching.queueRecordsMax = Self.queueRecordsMax
    configuration.resourceDetectors = []
    var environment = Telemetry.Environment()
    environment.transport = { _, _, _ in DiscardingTransport() }
    environment.outputDescriptor = open("/dev/null", O_WRONLY | O_CLOEXEC)
    telemetry = try Telemetry.bootstrap(
      configuration: configuration, scope: InstrumentationScope(name: "micro-benchmark"),
      environment: environment)
  }

  /// Spans and log records that were not taken because the queue was full.
  var droppedTotal: Int {
    telemetry.statistics.traces.droppedTotal + telemetry.statistics.logs.droppedTotal
  }

  func end() async { _ = await telemetry.shutdown() }

  func span() -> Benchmark {
    let tracer = telemetry.tracer
    return Benchmark(name: "span: start, 5 attributes, end, encoded") { count in
      for index in 0..<count {
        let span: TelemetrySpan = tracer.startSpan("GET /list-products", ofKind: .server)
        span.setAttribute("http.request.method", .string("GET"))
        span.setAttribute("http.route", .string("/list-products"))
        span.setAttribute("url.path", .string("/list-products"))
        span.setAttribute("http.response.status_code", .int(200))
        span.setAttribute("products_count", .int(Int64(index & 7)))
        span.end()
      }
    }
  }

  func boundCounter() -> Benchmark {
    let counter = Counter(label: "orders.placed", dimensions: [], factory: factory)
    return Benchmark(name: "counter, bound: increment") { count in
      for _ in 0..<count { counter.increment() }
    }
  }

  func lookedUpCounter() -> Benchmark {
    let factory = factory
    return Benchmark(name: "counter, looked up with 1 dimension: increment") { count in
      for _ in 0..<count {
        Counter(label: "orders.rejected", dimensions: [("reason", "sold_out")], factory: factory)
          .increment()
      }
    }
  }

  func histogram() -> Benchmark {
    let timer = CoreMetrics.Timer(
      label: "http.server.request.duration",
      dimensions: [("http.request.method", "GET"), ("http.route", "/list-products")],
      factory: factory)
    return Benchmark(name: "histogram, bound: record") { count in
      for index in 0..<count { timer.recordNanoseconds(Int64(index & 0xFF) * 100_000) }
    }
  }

  func logRecord() -> Benchmark {
    let logger = Logger(label: "micro-benchmark") { telemetry.makeLogHandler(label: $0) }
    return Benchmark(name: "log record with 2 values: line and OTLP") { count in
      for index in 0..<count {
        logger.info(
          "Order placed",
          metadata: ["username": "ann", "product_id": .stringConvertible(index & 7)])
      }
    }
  }

  private var factory: any MetricsFactory {
    telemetry.metrics?.factory ?? NOOPMetricsHandler.instance
  }
}
