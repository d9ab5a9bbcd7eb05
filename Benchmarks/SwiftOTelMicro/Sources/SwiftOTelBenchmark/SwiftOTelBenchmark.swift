import CoreMetrics
import Glibc
import Logging
import OTel
import ServiceLifecycle
import Tracing

/// The operations of `MicroBenchmark` with swift-otel, exported to the endpoint of the environment.
/// Prints a line of JSON for each.
@main
enum SwiftOTelBenchmark {
  static func main() async throws {
    var configuration = OTel.Configuration.default
    configuration.serviceName = "micro-benchmark"
    configuration.diagnosticLogLevel = .error
    let service = try OTel.bootstrap(configuration: configuration)
    let running = Task {
      try await ServiceGroup(
        services: [service], logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }
      ).run()
    }
    measure("span: start, 5 attributes, end, encoded") { count in
      for index in 0..<count {
        let span = InstrumentationSystem.tracer.startSpan("GET /list-products", ofKind: .server)
        span.attributes["http.request.method"] = "GET"
        span.attributes["http.route"] = "/list-products"
        span.attributes["url.path"] = "/list-products"
        span.attributes["http.response.status_code"] = 200
        span.attributes["products_count"] = index & 7
        span.end()
      }
    }
    let counter = Counter(label: "orders.placed")
    measure("counter, bound: increment") { count in
      for _ in 0..<count { counter.increment() }
    }
    measure("counter, looked up with 1 dimension: increment") { count in
      for _ in 0..<count {
        Counter(label: "orders.rejected", dimensions: [("reason", "sold_out")]).increment()
      }
    }
    let timer = CoreMetrics.Timer(
      label: "http.server.request.duration",
      dimensions: [("http.request.method", "GET"), ("http.route", "/list-products")])
    measure("histogram, bound: record") { count in
      for index in 0..<count { timer.recordNanoseconds(Int64(index & 0xFF) * 100_000) }
    }
    let logger = Logger(label: "micro-benchmark")
    measure("log record with 2 values: line and OTLP") { count in
      for index in 0..<count {
        logger.info(
          "Order placed",
          metadata: ["username": "ann", "product_id": .stringConvertible(index & 7)])
      }
    }
    fflush(nil)
    running.cancel()
    exit(0)
  }

  /// The median of seven batches of at least a tenth of a second.
  private static func measure(_ name: String, _ run: (Int) -> Void) {
    func timed(_ count: Int) -> (wall: Double, process: Double) {
      let (wall, process) = (now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID))
      run(count)
      return (
        (now(CLOCK_MONOTONIC) - wall) / Double(count),
        (now(CLOCK_PROCESS_CPUTIME_ID) - process) / Double(count)
      )
    }
    var count = 1_000
    while timed(count).wall * Double(count) < 100_000_000 { count *= 2 }
    let batches = (0..<7).map { _ in timed(count) }.sorted { $0.wall < $1.wall }
    let median = batches[batches.count / 2]
    print(
      """
      {"name":"\(name)","nanoseconds":\(median.wall),"process_nanoseconds":\(median.process),\
      "allocations":null,"dropped":0}
      """)
  }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}
