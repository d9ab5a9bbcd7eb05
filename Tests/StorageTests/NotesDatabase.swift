import GRDB
import Sockets
import Storage
import Synchronization
import TestSupport

/// A database of this test alone, with one table.
struct NotesDatabase {
  static let insert = Storage.Statement(
    "INSERT", "notes", text: "INSERT INTO notes (text) VALUES (?)")
  static let list = Storage.Statement("SELECT", "notes", text: "SELECT text FROM notes ORDER BY id")

  let directory: TemporaryDirectory
  let path: String
  let database: Storage.Database

  init(
    _ directory: TemporaryDirectory? = nil, limits: Storage.Database.Limits = .init()
  ) throws {
    self.directory = try directory ?? TemporaryDirectory()
    path = self.directory.file("notes.sqlite")
    database = try Storage.Database(path: path, migrator: Self.migrator, limits: limits)
  }

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: notes") { db in
      try db.execute(sql: "CREATE TABLE notes (id INTEGER PRIMARY KEY, text UNIQUE NOT NULL)")
    }
    return migrator
  }

  static func add(_ text: String, _ db: GRDB.Database) throws {
    try db.execute(sql: insert.text, arguments: [StoredText(text)])
  }

  func add(_ text: String) async throws(StorageError) {
    try await database.write(Self.insert) { try Self.add(text, $0) }
  }

  func all() async throws(StorageError) -> [String] {
    try await database.read(Self.list) { db in
      try StoredText.fetchAll(db, sql: Self.list.text).map(\.text)
    }
  }

  /// Holds the writer within a transaction until the gate is opened.
  func holdWriter() async -> (gate: Gate, held: Task<Void, any Error>) {
    let gate = Gate()
    let database = database
    let held = Task { try await database.write(Self.insert) { _ in gate.pass() } }
    await gate.arrived()
    return (gate, held)
  }

  func countCommits() async throws(StorageError) -> CommitCounter {
    let counter = CommitCounter()
    try await database.write(Self.insert) { db in
      db.add(transactionObserver: counter, extent: .databaseLifetime)
    }
    return counter
  }

  /// Starts `count` writes at once, in order; when this returns, each is queued or refused.
  func start<R: Sendable>(
    _ count: Int, _ write: @escaping @Sendable (Storage.Database, Int) async throws -> R
  ) async throws -> [Task<R, any Error>] {
    // One thread runs them one after another, each until it waits for the writer.
    let loop = try EventLoop(name: "callers")
    let database = database
    let tasks = (0..<count).map { number in
      Task(executorPreference: loop) { try await write(database, number) }
    }
    await loop.run {}
    return tasks
  }
}

extension Storage.Database.Limits {
  /// The defaults, changed.
  static func with(_ change: (inout Self) -> Void) -> Self {
    var limits = Self()
    change(&limits)
    return limits
  }
}

/// Counts the transactions that changed something.
final class CommitCounter: TransactionObserver, Sendable {
  private struct State {
    var hasChanged = false
    var commits = 0
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.commits } }

  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }

  func databaseDidChange(with event: DatabaseEvent) { state.withLock { $0.hasChanged = true } }

  func databaseDidCommit(_ db: GRDB.Database) {
    state.withLock { state in
      if state.hasChanged { state.commits += 1 }
      state.hasChanged = false
    }
  }

  func databaseDidRollback(_ db: GRDB.Database) { state.withLock { $0.hasChanged = false } }
}
