import Metrics
import Synchronization
import Tracing

/// What an operation on a database is, for its span and its metric (OpenTelemetry's semantic
/// conventions for databases). Made once for each operation of the program.
package final class Statement: Sendable {
  /// For example `INSERT`.
  package let operation: String
  /// The table.
  package let collection: String
  /// The SQL with its placeholders.
  package let text: String

  package init(_ operation: String, _ collection: String, text: String) {
    self.operation = operation
    self.collection = collection
    self.text = text
  }

  package var summary: String { "\(operation) \(collection)" }

  private let timers = Mutex<[String?: Timer]>([:])

  /// The duration metric, by the error's name.
  private func timer(_ errorType: String?) -> Timer {
    timers.withLock { timers in
      if let timer = timers[errorType] { return timer }
      var dimensions = [
        ("db.system.name", "sqlite"), ("db.operation.name", operation),
        ("db.collection.name", collection),
      ]
      if let errorType { dimensions.append(("error.type", errorType)) }
      let timer = Timer(label: "db.client.operation.duration", dimensions: dimensions)
      timers[errorType] = timer
      return timer
    }
  }

  /// Runs `body` within a CLIENT span, and records its duration.
  func observe<R>(
    namespace: String, _ body: () async throws(StorageError) -> R
  ) async throws(StorageError) -> R {
    let span = InstrumentationSystem.tracer.startAnySpan(summary, ofKind: .client)
    let start = ContinuousClock.now
    defer { span.end() }
    if span.isRecording {
      span.attributes = [
        "db.system.name": "sqlite", "db.namespace": .string(namespace),
        "db.collection.name": .string(collection), "db.operation.name": .string(operation),
        "db.query.summary": .string(summary), "db.query.text": .string(text),
      ]
    }
    do throws(StorageError) {
      let result = try await body()
      record(timer(nil), since: start)
      return result
    } catch {
      span.attributes["error.type"] = error.label
      span.setStatus(SpanStatus(code: .error, message: error.description))
      record(timer(error.label), since: start)
      throw error
    }
  }

  private func record(_ timer: Timer, since start: ContinuousClock.Instant) {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    timer.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
