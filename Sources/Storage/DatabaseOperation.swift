import GRDB

/// One piece of work for a worker of a database, and the caller who waits for it.
struct DatabaseOperation: Sendable {
  /// After it the caller has no use for the result.
  let deadline: ContinuousClock.Instant
  /// Does the work, and keeps its result.
  let run: @Sendable (GRDB.Database) throws -> Void
  /// Answers the caller with an error or else the result. Called once, on the worker.
  let finish: @Sendable (StorageError?) -> Void

  var isLate: Bool { ContinuousClock.now >= deadline }

  /// Runs `body` on `worker`.
  /// - Parameters:
  ///   - patience: How long the caller waits at the most.
  ///   - done: Called on the worker, in the order of the operations, before the caller goes on; also
  ///     when the caller has given up meanwhile.
  static func perform<R: Sendable>(
    on worker: Worker<DatabaseOperation>, patience: Duration, watch: DeadlineWatch,
    done: @escaping @Sendable (R) -> Void, _ body: @escaping @Sendable (GRDB.Database) throws -> R
  ) async throws(StorageError) -> R {
    let result: Result<R, StorageError> = await withCheckedContinuation { continuation in
      let (cell, caller) = (ResultCell<R>(), Caller<R>(continuation))
      let operation = DatabaseOperation(
        deadline: .now + patience,
        run: { cell.value = try body($0) },
        finish: { error in
          if let error {
            caller.answer(.failure(error))
          } else if let value = cell.value {
            done(value)
            caller.answer(.success(value))
          } else {
            caller.answer(.failure(.failed("the operation did not run")))
          }
        })
      do throws(StorageError) {
        try worker.submit(operation)
        watch.add(caller, deadline: operation.deadline)
      } catch {
        caller.answer(.failure(error))
      }
    }
    return try result.get()
  }

  /// Where a worker thread keeps a result until its transaction is on the disk.
  private final class ResultCell<Value: Sendable>: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: one worker thread writes it and then reads it.
    var value: Value?
  }
}
