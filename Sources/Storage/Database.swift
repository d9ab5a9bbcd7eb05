import Foundation
package import GRDB

/// A SQLite file: writes that arrive together share one transaction, and so one wait for the disk;
/// reads go beside them. Blocking work is on threads of its own, never the caller's.
///
/// WAL with `synchronous=FULL`: what `write` has returned survives a crash and a loss of power.
package final class Database: Sendable {
  /// Bounds of a database.
  package struct Limits: Sendable {
    /// Write operations that may wait; more throw `overloaded`.
    package var writeQueueOperationsMax = 10_000
    /// Write operations that share a transaction.
    package var transactionOperationsMax = 512
    /// Read operations that may wait on each reader.
    package var readQueueOperationsMax = 10_000
    /// How long to wait for another process that has the file locked.
    package var busyTimeout: Duration = .seconds(5)

    package init() {}
  }

  private struct Operation: Sendable {
    /// Does the work, and keeps its result.
    let run: @Sendable (GRDB.Database) throws -> Void
    /// Resumes the caller, with an error or else the result.
    let finish: @Sendable (StorageError?) -> Void
  }

  /// The file's name, for telemetry.
  package let name: String
  private let pool: DatabasePool
  private let writer: Worker<Operation>
  private let reader: Worker<Operation>

  /// Opens the file at `path`, making it and its directory when they are missing, and migrates it.
  /// Blocks; for start-up.
  /// - Throws: `StorageError.cannotOpen`, with the reason.
  package init(
    path: String, migrator: DatabaseMigrator, limits: Limits = Limits()
  ) throws(StorageError) {
    name = URL(fileURLWithPath: path).lastPathComponent
    do {
      let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      pool = try DatabasePool(path: path, configuration: Self.configuration(limits))
      try migrator.migrate(pool)
    } catch {
      throw .cannotOpen(path: path, reason: Self.reason(error))
    }
    let pool = pool
    writer = Worker(
      name: "db-writer", itemsMax: limits.writeQueueOperationsMax,
      batchMax: limits.transactionOperationsMax
    ) { batch in Self.commit(batch, to: pool) }
    reader = Worker(name: "db-reader", itemsMax: limits.readQueueOperationsMax, batchMax: 1) {
      batch in
      for operation in batch {
        do {
          try pool.read { try operation.run($0) }
          operation.finish(nil)
        } catch {
          operation.finish(StorageError(error))
        }
      }
    }
  }

  /// Runs `body` in a transaction, which it may share with others; returns when it is on the disk.
  /// What `body` throws undoes only its own changes.
  package func write<R: Sendable>(
    _ statement: Statement, _ body: @escaping @Sendable (GRDB.Database) throws -> R
  ) async throws(StorageError) -> R {
    try await statement.observe(namespace: name) { () async throws(StorageError) -> R in
      try await self.perform(on: self.writer, body)
    }
  }

  /// Runs `body` on a snapshot of the data.
  package func read<R: Sendable>(
    _ statement: Statement, _ body: @escaping @Sendable (GRDB.Database) throws -> R
  ) async throws(StorageError) -> R {
    try await statement.observe(namespace: name) { () async throws(StorageError) -> R in
      try await self.perform(on: self.reader, body)
    }
  }

  /// Reads on the calling thread, which blocks: for start-up.
  package func readBlocking<R>(
    _ body: (GRDB.Database) throws -> R
  ) throws(StorageError) -> R {
    do {
      return try pool.read(body)
    } catch {
      throw StorageError(error)
    }
  }

  /// Whether the store answers.
  /// - Throws: `StorageError` when it does not.
  package func checkHealth() async throws(StorageError) {
    try await perform(on: reader) { try $0.execute(sql: "SELECT 1") }
  }

  /// Finishes what waits, and closes the file. Blocks.
  package func close() {
    writer.close()
    reader.close()
    // What cannot be moved out of the log now is moved by the next start.
    _ = try? pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    try? pool.close()
  }

  private func perform<R: Sendable>(
    on worker: Worker<Operation>, _ body: @escaping @Sendable (GRDB.Database) throws -> R
  ) async throws(StorageError) -> R {
    let result: Result<R, StorageError> = await withCheckedContinuation { continuation in
      let cell = ResultCell<R>()
      let operation = Operation(
        run: { cell.value = try body($0) },
        finish: { error in
          if let error {
            continuation.resume(returning: .failure(error))
          } else if let value = cell.value {
            continuation.resume(returning: .success(value))
          } else {
            continuation.resume(returning: .failure(.failed("the operation did not run")))
          }
        })
      do throws(StorageError) {
        try worker.submit(operation)
      } catch {
        continuation.resume(returning: .failure(error))
      }
    }
    return try result.get()
  }

  /// Where a worker thread keeps a result until its transaction is on the disk.
  private final class ResultCell<Value: Sendable>: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: one worker thread writes it and then reads it.
    var value: Value?
  }

  /// One transaction for all of `batch`; each operation in a savepoint of its own.
  private static func commit(_ batch: [Operation], to pool: DatabasePool) {
    var failures: [Int: StorageError] = [:]
    do {
      try pool.writeWithoutTransaction { db in
        try db.inTransaction(.immediate) {
          for (index, operation) in batch.enumerated() {
            do {
              try db.inSavepoint {
                try operation.run(db)
                return .commit
              }
            } catch {
              // A full disk and the like end the whole transaction, and with it the others' work.
              guard db.isInsideTransaction else { throw error }
              failures[index] = StorageError(error)
            }
          }
          return .commit
        }
      }
    } catch {
      let failure = StorageError(error)
      for operation in batch { operation.finish(failure) }
      return
    }
    for (index, operation) in batch.enumerated() { operation.finish(failures[index]) }
  }

  private static func configuration(_ limits: Limits) -> Configuration {
    var configuration = Configuration()
    let (seconds, _) = limits.busyTimeout.components
    configuration.busyMode = .timeout(TimeInterval(seconds))
    configuration.maximumReaderCount = 1
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      // Kibibytes: the tables that are read often are small.
      try db.execute(sql: "PRAGMA cache_size = -2000")
    }
    return configuration
  }

  private static func reason(_ error: any Error) -> String {
    if let error = error as? DatabaseError { return error.message ?? error.resultCode.description }
    return (error as NSError).localizedDescription
  }
}
