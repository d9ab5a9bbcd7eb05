import Logging
import Metrics
import Telemetry
import Tracing

@main
struct Hello {
  static func main() async throws {
    let telemetry = try Telemetry.start("hello", version: "1.0")
    withSpan("greet") { span in
      span.attributes["greeted"] = "world"
      Counter(label: "greetings").increment()
      Logger(label: "hello").info("hello, world")
    }
    await telemetry.shutdown()
  }
}
