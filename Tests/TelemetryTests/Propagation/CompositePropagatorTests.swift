import Instrumentation
import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Configured propagators")
struct CompositePropagatorTests {
  private func propagator(_ names: [TelemetryConfiguration.PropagatorName]) -> any TextMapPropagator {
    var configuration = TelemetryConfiguration()
    configuration.propagators = names
    return configuration.makePropagator()
  }

  private var context: ServiceContext {
    var context = ServiceContext.topLevel
    context.spanContext = SpanContext(
      traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), flags: .sampled, traceState: "a=1")
    context.baggage = Baggage(parsing: "k=v")
    return context
  }

  @Test(
    "each name writes its own fields",
    arguments: [
      ([], []), ([.traceContext], ["traceparent", "tracestate"]), ([.baggage], ["baggage"]),
      ([.b3], ["b3"]), ([.b3Multi], ["X-B3-Sampled", "X-B3-SpanId", "X-B3-TraceId"]),
      ([.jaeger], ["uber-trace-id"]),
      (
        [.otTrace],
        ["ot-baggage-k", "ot-tracer-sampled", "ot-tracer-spanid", "ot-tracer-traceid"]
      ),
      ([.traceContext, .baggage, .b3], ["b3", "baggage", "traceparent", "tracestate"]),
    ] as [([TelemetryConfiguration.PropagatorName], [String])])
  func written(names: [TelemetryConfiguration.PropagatorName], fields: [String]) {
    #expect(propagator(names).injected(context).keys.sorted() == fields)
  }

  @Test("every name reads what it writes", arguments: TelemetryConfiguration.PropagatorName.allCases)
  func roundTrip(name: TelemetryConfiguration.PropagatorName) {
    let propagator = propagator([name])
    let read = propagator.extracted(propagator.injected(context))
    if name == .baggage {
      #expect(read.baggage == context.baggage && read.spanContext == nil)
    } else {
      // Half of a trace id is all that OpenTracing's format has room for.
      let high: UInt64 = name == .otTrace ? 0 : 1
      #expect(read.spanContext?.traceID == TraceID(high: high, low: 2))
      #expect(read.spanContext?.spanID == SpanID(3) && read.baggage == nil)
    }
  }

  @Test(
    "fields: the names that are written, each once",
    arguments: TelemetryConfiguration.PropagatorName.allCases)
  func fields(name: TelemetryConfiguration.PropagatorName) {
    let written = propagator([name]).injected(context).keys.filter { !$0.hasPrefix("ot-baggage-") }
    let fields = propagator([name, name]).fields
    #expect(Set(written).isSubset(of: fields) && Set(fields).count == fields.count)
    #expect(Set(fields).subtracting(written).isSubset(of: ["X-B3-Flags"]))
  }

  @Test("the default is trace context and baggage")
  func standard() {
    let propagator = TelemetryConfiguration().makePropagator()
    #expect(propagator.injected(context).keys.sorted() == ["baggage", "traceparent", "tracestate"])
  }

  @Test("of two formats the one that reads last counts, unless it finds nothing")
  func order() {
    var fields = propagator([.traceContext]).injected(context)
    fields["b3"] = "0000000000000009-0000000000000009-1"
    func read(_ names: [TelemetryConfiguration.PropagatorName]) -> TraceID? {
      propagator(names).extracted(fields).spanContext?.traceID
    }
    #expect(read([.traceContext, .b3]) == TraceID(high: 0, low: 9))
    #expect(read([.b3, .traceContext]) == TraceID(high: 1, low: 2))
    #expect(read([.traceContext, .jaeger]) == TraceID(high: 1, low: 2))
  }

  @Test("no propagator: nothing is read and nothing written")
  func none() {
    let none = propagator([])
    #expect(none.injected(context).isEmpty)
    #expect(none.extracted(propagator([.traceContext]).injected(context)).isEmpty)
  }
}
