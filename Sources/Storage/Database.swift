import Foundation
package import GRDB
import Synchronization

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
    /// Read operations that may wait; more throw `overloaded`.
    package var readQueueOperationsMax = 10_000
    /// How long a caller who does not say waits for a result at the most; then `timedOut` is thrown.
    package var patience: Duration = .seconds(10)
    /// How long to wait for another process that has the file locked; then `locked` is thrown.
    package var busyTimeout: Duration = .seconds(5)
    /// Bytes of the write-ahead log; when it is larger, writes wait a moment for readers to end.
    package var logBytesMax = 32 << 20

    package init() {}
  }

  /// The file's name, for telemetry.
  package let name: String
  private let pool: DatabasePool
  /// The file and its log.
  private let places: [FilePlace]
  private let writer: Worker<DatabaseOperation>
  private let reader: Worker<DatabaseOperation>
  private let log: WriteAheadLog
  private let watch: DeadlineWatch
  private let patience: Duration
  private let isClosed = Atomic(false)
  /// Whoever asks for the health has to answer soon.
  private static let healthPatience = Duration.milliseconds(500)

  /// Opens the file at `path`, making it and its directory when they are missing, and migrates it.
  /// Blocks; for start-up.
  /// - Throws: `StorageError.cannotOpen`, with the reason.
  package init(
    path: String, migrator: DatabaseMigrator, limits: Limits = Limits()
  ) throws(StorageError) {
    name = URL(fileURLWithPath: path).lastPathComponent
    do {
      let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try StoreDirectory.make(directory)
      pool = try DatabasePool(path: path, configuration: Self.configuration(limits))
      try Self.prepare(pool, migrator)
      log = try WriteAheadLog(
        databasePath: path, pool: pool, bytesMax: limits.logBytesMax,
        busyTimeout: limits.busyTimeout)
    } catch {
      throw .cannotOpen(path: path, reason: Self.reason(error))
    }
    let (pool, log, places) = (pool, log, [FilePlace(path), FilePlace("\(path)-wal")])
    self.places = places
    patience = limits.patience
    watch = DeadlineWatch()
    writer = Worker(
      name: "db-writer", itemsMax: limits.writeQueueOperationsMax,
      batchMax: limits.transactionOperationsMax
    ) { batch in
      Self.commit(batch, to: pool, in: places)
      log.keepSmall(pool)
    }
    reader = Worker(name: "db-reader", itemsMax: limits.readQueueOperationsMax, batchMax: 1) {
      batch in
      for operation in batch { Self.read(operation, from: pool) }
    }
  }

  /// Runs `body` in a transaction, which it may share with others; returns when it is on the disk.
  /// What `body` throws undoes only its own changes.
  /// - Parameters:
  ///   - patience: How long the caller waits at the most; then `timedOut` is thrown. What has not
  ///     begun by then is not run; what has may be stored all the same.
  ///   - committed: Called with the result once it is on the disk, before `write` returns it; never
  ///     two at a time, and in the order of the transactions. It must not block.
  package func write<R: Sendable>(
    _ statement: Statement, patience: Duration? = nil,
    committed: @escaping @Sendable (R) -> Void = { _ in },
    _ body: @escaping @Sendable (GRDB.Database) throws -> R
  ) async throws(StorageError) -> R {
    try await statement.observe(namespace: name) { () async throws(StorageError) -> R in
      try await DatabaseOperation.perform(
        on: self.writer, patience: patience ?? self.patience, watch: self.watch, done: committed,
        body)
    }
  }

  /// Runs `body` on a snapshot of the data.
  package func read<R: Sendable>(
    _ statement: Statement, _ body: @escaping @Sendable (GRDB.Database) throws -> R
  ) async throws(StorageError) -> R {
    try await statement.observe(namespace: name) { () async throws(StorageError) -> R in
      try await self.readUnobserved(self.patience, body)
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

  /// Whether the store answers: the file is in its place, and can be read.
  /// - Throws: `StorageError` when it does not.
  package func checkHealth() async throws(StorageError) {
    guard places.allSatisfy(\.isKept) else { throw .moved }
    try await readUnobserved(Self.healthPatience) { db in
      _ = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_schema")
    }
  }

  /// Finishes what waits, and closes the file. Blocks. A second call does nothing.
  package func close() {
    guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
    writer.close()
    reader.close()
    watch.close()
    log.close()
    // What cannot be moved out of the log now is moved by the next start.
    _ = try? pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    try? pool.close()
  }

  private func readUnobserved<R: Sendable>(
    _ patience: Duration, _ body: @escaping @Sendable (GRDB.Database) throws -> R
  ) async throws(StorageError) -> R {
    try await DatabaseOperation.perform(
      on: reader, patience: patience, watch: watch, done: { _ in }, body)
  }

  private static func read(_ operation: DatabaseOperation, from pool: DatabasePool) {
    guard !operation.isLate else { return operation.finish(.timedOut) }
    do {
      try pool.read { try operation.run($0) }
      operation.finish(nil)
    } catch {
      operation.finish(StorageError(error))
    }
  }

  /// One transaction for all of `batch`; each operation in a savepoint of its own.
  private static func commit(
    _ batch: [DatabaseOperation], to pool: DatabasePool, in places: [FilePlace]
  ) {
    guard places.allSatisfy(\.isKept) else {
      for operation in batch { operation.finish(.moved) }
      return
    }
    var failures: [Int: StorageError] = [:]
    do {
      try pool.writeWithoutTransaction { db in
        try db.inTransaction(.immediate) {
          for (index, operation) in batch.enumerated() {
            failures[index] = try run(operation, in: db)
          }
          return .commit
        }
      }
    } catch {
      let failure = StorageError(error)
      // Whoever has failed already knows better why.
      for (index, operation) in batch.enumerated() {
        operation.finish(failures[index] ?? failure)
      }
      return
    }
    for (index, operation) in batch.enumerated() { operation.finish(failures[index]) }
  }

  /// - Returns: What went wrong with `operation` alone.
  /// - Throws: What ended the whole transaction, and with it the others' work, as a full disk may.
  private static func run(
    _ operation: DatabaseOperation, in db: GRDB.Database
  ) throws -> StorageError? {
    guard !operation.isLate else { return .timedOut }
    do {
      try db.inSavepoint {
        try operation.run(db)
        return .commit
      }
      return nil
    } catch {
      guard db.isInsideTransaction else { throw error }
      return StorageError(error)
    }
  }

  private static func configuration(_ limits: Limits) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(limits.busyTimeout / .seconds(1))
    configuration.maximumReaderCount = 1
    configuration.prepareDatabase { db in
      // Kibibytes: the tables that are read often are small.
      try db.execute(sql: "PRAGMA cache_size = -2000")
    }
    return configuration
  }

  private static func prepare(_ pool: DatabasePool, _ migrator: DatabaseMigrator) throws {
    try pool.writeWithoutTransaction { db in
      // Opening the pool has set NORMAL, with which a loss of power undoes the last commits.
      try db.execute(sql: "PRAGMA synchronous = FULL")
    }
    guard try !pool.read(migrator.hasBeenSuperseded) else { throw StorageError.tooNew }
    try migrator.migrate(pool)
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as DatabaseError: error.message ?? "\(error.resultCode)"
    case StorageError.failed(let reason): reason
    default: "\(error)"
    }
  }
}
