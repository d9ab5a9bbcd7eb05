import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

/// What OpenTelemetry calls the context is swift-service-context's, and a task's own.
@Suite("Context")
struct ContextTests {
  private enum TenantKey: ServiceContextKey {
    typealias Value = String
  }

  private enum OtherKey: ServiceContextKey {
    typealias Value = String
  }

  @Test("keys are told apart by what they are, not by their names")
  func keys() {
    var context = ServiceContext.topLevel
    context[TenantKey.self] = "one"
    #expect(context[TenantKey.self] == "one" && context[OtherKey.self] == nil)
  }

  @Test("a value is set in a copy: the context that it was set from stays as it was")
  func values() {
    var first = ServiceContext.topLevel
    first[TenantKey.self] = "one"
    var second = first
    second[TenantKey.self] = "two"
    #expect(first[TenantKey.self] == "one" && second[TenantKey.self] == "two")
  }

  @Test("attached for as long as a closure runs, for its child tasks too; then as it was before")
  func attaching() async {
    var context = ServiceContext.topLevel
    context[TenantKey.self] = "one"
    #expect(ServiceContext.current == nil)
    let seen = await ServiceContext.withValue(context) { () async -> String? in
      async let child = ServiceContext.current?[TenantKey.self]
      return await child
    }
    #expect(seen == "one")
    #expect(ServiceContext.current == nil, "detached")
  }

  @Test("a span is made active by attaching its context, and is the parent of what is made then")
  func activeSpan() {
    let tracer = RecordedTracer().tracer
    let span = tracer.startSpan("parent", context: .topLevel, kind: .server)
    ServiceContext.withValue(span.context) {
      #expect(ServiceContext.current?.activeSpan === span)
      let child = tracer.startSpan("child", kind: .internal)
      #expect(child.spanContext.traceID == span.spanContext.traceID)
      ServiceContext.withValue(child.context) {
        #expect(ServiceContext.current?.activeSpan === child)
      }
      #expect(ServiceContext.current?.activeSpan === span)
      let root = tracer.startSpan("root", context: .topLevel, kind: .internal)
      #expect(root.spanContext.traceID != span.spanContext.traceID)
    }
    #expect(ServiceContext.current?.activeSpan == nil)
  }
}
