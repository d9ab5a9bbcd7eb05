import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Context in a process's environment")
struct EnvironmentCarrierTests {
  @Test(
    "names of variables",
    arguments: [
      ("traceparent", "TRACEPARENT"), ("tracestate", "TRACESTATE"), ("baggage", "BAGGAGE"),
      ("X-B3-TraceId", "X_B3_TRACEID"), ("a.b", "A_B"), ("1st", "_1ST"), ("é", "__"), ("", ""),
    ])
  func names(field: String, variable: String) {
    #expect(EnvironmentCarrier.variable(field) == variable)
  }

  @Test("what one process writes the other one reads")
  func roundTrip() {
    let propagator = TelemetryConfiguration().makePropagator()
    var context = ServiceContext.topLevel
    context.spanContext = SpanContext(
      traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), flags: .sampled, traceState: "a=1")
    context.baggage = Baggage(parsing: "k=v")
    var environment = ["PATH": "/bin", "TRACESTATE": "old=1"]
    propagator.inject(context, into: &environment, using: EnvironmentCarrier())
    #expect(
      environment == [
        "PATH": "/bin", "BAGGAGE": "k=v", "TRACESTATE": "a=1",
        "TRACEPARENT": "00-00000000000000010000000000000002-0000000000000003-01",
      ])
    var read = ServiceContext.topLevel
    propagator.extract(environment, into: &read, using: EnvironmentCarrier())
    #expect(read.spanContext?.spanID == SpanID(3) && read.spanContext?.isRemote == true)
    #expect(read.spanContext?.traceState == "a=1" && read.baggage == context.baggage)
  }
}
