import CoreMetrics
import InMemoryTracing
import MetricsTestKit
import Storage
import Testing
import Tracing

/// Spans and durations of database operations (OpenTelemetry's semantic conventions).
@Suite(.timeLimit(.minutes(1))) struct StatementTests {
  private let statement = Storage.Statement(
    "INSERT", "notes", text: "INSERT INTO notes (text) VALUES (?)")
  private let tracer = InMemoryTracer()
  private let metrics = TestMetrics()

  private func observed(_ body: () async throws -> Void) async rethrows {
    try await withTracer(tracer) {
      try await withMetricsFactory(metrics) { try await body() }
    }
  }

  @Test func aWriteAndARead() async throws {
    let notes = try NotesDatabase()
    try await observed {
      try await withSpan("caller") { _ in
        try await notes.database.write(statement) { try NotesDatabase.add("text", $0) }
        _ = try await notes.database.read(statement) { _ in 1 }
      }
    }
    notes.database.close()
    let spans = tracer.finishedSpans
    #expect(spans.map(\.operationName) == ["INSERT notes", "INSERT notes", "caller"])
    for span in spans.dropLast() {
      #expect(span.kind == .client)
      #expect(span.parentSpanID == spans.last?.spanID)
      #expect(
        span.attributes == [
          "db.system.name": "sqlite", "db.namespace": "notes.sqlite",
          "db.collection.name": "notes", "db.operation.name": "INSERT",
          "db.query.summary": "INSERT notes",
          "db.query.text": "INSERT INTO notes (text) VALUES (?)",
        ])
      #expect(span.status == nil)
    }
    let timer = try metrics.expectTimer("db.client.operation.duration", dimensions(nil))
    #expect(timer.values.count == 2)
    #expect(timer.values.allSatisfy { $0 > 0 })
  }

  @Test func aFailure() async throws {
    let notes = try NotesDatabase()
    notes.database.close()
    await observed {
      await #expect(throws: StorageError.closed) {
        try await notes.database.write(statement) { try NotesDatabase.add("text", $0) }
      }
    }
    let span = try #require(tracer.finishedSpans.first)
    #expect(span.attributes.get("error.type") == "closed")
    #expect(span.status == SpanStatus(code: .error, message: "the database is closed"))
    let timer = try metrics.expectTimer("db.client.operation.duration", dimensions("closed"))
    #expect(timer.values.count == 1)
  }

  /// Health is asked for often and tells nothing of the work.
  @Test func healthMakesNoSpan() async throws {
    let notes = try NotesDatabase()
    try await observed { try await notes.database.checkHealth() }
    #expect(tracer.finishedSpans.isEmpty)
    notes.database.close()
  }

  private func dimensions(_ error: String?) -> [(String, String)] {
    [
      ("db.system.name", "sqlite"), ("db.operation.name", "INSERT"),
      ("db.collection.name", "notes"),
    ] + (error.map { [("error.type", $0)] } ?? [])
  }
}
