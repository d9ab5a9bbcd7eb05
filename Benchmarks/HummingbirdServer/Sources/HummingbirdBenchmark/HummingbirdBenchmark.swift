import Hummingbird
import Logging
import ServiceLifecycle

#if SWIFT_OTEL
import OTel
#endif

/// Serves `GET /health` on a free port of 127.0.0.1, bare or with Hummingbird's own middleware for
/// metrics, traces and logs. The answer is a buffer made once, the cheapest that Hummingbird can
/// send.
@main
enum HummingbirdBenchmark {
  static func main() async throws {
    let mode = CommandLine.arguments.dropFirst().first ?? "bare"
    let router = Router()
    var services: [any Service] = []
    if mode == "instrumented" {
      #if SWIFT_OTEL
      // All else as swift-otel has it: OTLP over HTTP, and what the OTEL_* variables say.
      var configuration = OTel.Configuration.default
      configuration.serviceName = "order-service"
      configuration.diagnosticLogLevel = .error
      services.append(try OTel.bootstrap(configuration: configuration))
      #else
      InMemoryTelemetry.bootstrap()
      #endif
      router.middlewares.add(TracingMiddleware())
      router.middlewares.add(MetricsMiddleware())
      router.middlewares.add(LogRequestsMiddleware(.info))
    } else if mode != "bare" {
      print("usage: HummingbirdBenchmark [bare | instrumented]")
      return
    }

    let body = ByteBuffer(
      string: #"{"status":"ok","environment":"dev","service_name":"order-service"}"#)
    router.get("health") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: body))
    }
    var logger = Logger(label: "hummingbird")
    logger.logLevel = mode == "bare" ? .error : .info
    let app = Application(
      router: router,
      configuration: .init(address: .hostname("127.0.0.1", port: 0), serverName: "hummingbird"),
      services: services,
      onServerRunning: { channel in Ready.print(port: channel.localAddress?.port ?? 0) },
      logger: logger)
    try await app.runService()
  }
}
