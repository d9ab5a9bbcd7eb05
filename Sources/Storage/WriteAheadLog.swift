import Glibc
import GRDB
import GRDBSQLite

/// Keeps a database's write-ahead log from growing without end, and writes from waiting for that.
///
/// SQLite by itself moves the log into the file within whichever commit finds it long. Here that
/// happens beside the writes, on a thread and a connection of its own. What keeps the log from
/// beginning anew (readers, or writes without a pause) makes it longer all the same; when it is too
/// large, the writer itself moves the rest, which is little then, and cuts it off.
final class WriteAheadLog: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: but for `close`, used on the writer's thread only; `mover` is
  // Sendable.
  private let path: String
  private let bytesMax: Int
  private var nextBytes: Int
  /// How long writes are held up for readers to finish, and how long for other processes again.
  private static let patienceMilliseconds = 100
  private let busyMilliseconds: Int

  /// Pages that are added to the log between two moves.
  private static let pagesPerMove = 1000
  /// Pages of the log that readers and the file need, told by SQLite after every commit.
  private var pages = 0
  private var movedPages = 0
  private let mover: Worker<Void>
  private let connection: DatabaseQueue

  /// - Throws: What opening a second connection to the database throws.
  init(
    databasePath: String, pool: DatabasePool, bytesMax: Int, busyTimeout: Duration
  ) throws {
    path = "\(databasePath)-wal"
    self.bytesMax = bytesMax
    nextBytes = bytesMax
    busyMilliseconds = Int(busyTimeout / .milliseconds(1))
    var configuration = Configuration()
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    let connection = try DatabaseQueue(path: databasePath, configuration: configuration)
    self.connection = connection
    mover = Worker(name: "db-log", itemsMax: 1, batchMax: 1) { _ in
      // What cannot be moved now is moved with what comes next.
      try? connection.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
    }
    pool.unsafeReentrantWrite { db in
      // Takes the place of SQLite's own hook, which would move the log within the commit. It is
      // called on this connection's thread, and the connection is closed before this object goes.
      _ = sqlite3_wal_hook(
        db.sqliteConnection,
        { context, _, _, pages in
          guard let context else { return SQLITE_OK }
          Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue().pages = Int(pages)
          return SQLITE_OK
        }, Unmanaged.passUnretained(self).toOpaque())
    }
  }

  /// To be called after every commit. Where a reader does not let the log be cut off, that is tried
  /// again when it has grown by as much once more.
  func keepSmall(_ pool: DatabasePool) {
    if pages < movedPages { movedPages = 0 }
    if pages >= movedPages + Self.pagesPerMove {
      movedPages = pages
      // One that waits already is enough.
      try? mover.submit(())
    }
    guard size() > nextBytes else { return }
    try? pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA busy_timeout = \(Self.patienceMilliseconds)")
      defer { try? db.execute(sql: "PRAGMA busy_timeout = \(busyMilliseconds)") }
      _ = try db.checkpoint(.truncate)
    }
    nextBytes = size() + bytesMax
  }

  /// Ends the moves. Blocks.
  func close() {
    mover.close()
    try? connection.close()
  }

  private func size() -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
