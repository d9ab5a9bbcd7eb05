import Glibc
import GRDB

/// Keeps a database's write-ahead log from growing without end: SQLite starts it anew only when no
/// reader needs it at the moment when it looks, which under steady reads may be never.
final class WriteAheadLog: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: used on the writer's thread only.
  private let path: String
  private let bytesMax: Int
  private var nextBytes: Int
  /// How long writes are held up for readers to finish, and how long for other processes again.
  private static let patienceMilliseconds = 100
  private let busyMilliseconds: Int

  init(databasePath: String, bytesMax: Int, busyTimeout: Duration) {
    path = "\(databasePath)-wal"
    self.bytesMax = bytesMax
    nextBytes = bytesMax
    busyMilliseconds = Int(busyTimeout / .milliseconds(1))
  }

  /// Moves the log into the file when it has become too large. Where a reader does not let it, that
  /// is tried again when the log has grown by as much once more.
  func keepSmall(_ pool: DatabasePool) {
    guard size() > nextBytes else { return }
    try? pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA busy_timeout = \(Self.patienceMilliseconds)")
      defer { try? db.execute(sql: "PRAGMA busy_timeout = \(busyMilliseconds)") }
      _ = try db.checkpoint(.truncate)
    }
    nextBytes = size() + bytesMax
  }

  private func size() -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
