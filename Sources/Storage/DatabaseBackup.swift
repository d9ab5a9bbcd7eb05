import Glibc
import GRDB

/// Copies a database to a file, while a service may be writing it: the copy is what was stored at
/// one moment. Writes go on meanwhile; only the write-ahead log is not shortened.
package struct DatabaseBackup: Sendable {
  private let source: String
  private let target: String
  /// In the target's directory, so that it can take its place at once.
  private let partial: String

  /// - Parameters:
  ///   - source: The database's path.
  ///   - target: The copy's path.
  package init(of source: String, to target: String) {
    self.source = source
    self.target = target
    let start = target.lastIndex(of: "/").map { target.index(after: $0) } ?? target.startIndex
    partial = "\(target[..<start]).\(target[start...]).partial-\(getpid())"
  }

  /// Copies, checks the copy's integrity, and moves it to its place when it is on the disk. Blocks.
  /// - Parameter isReplacing: Whether a file that is there already may be replaced.
  /// - Returns: The copy's bytes.
  /// - Throws: `BackupError`; then there is no copy, and what was there before is as it was.
  @discardableResult
  package func run(isReplacing: Bool = false) throws(BackupError) -> Int64 {
    guard access(source, F_OK) == 0 else { throw .noDatabase(source) }
    guard isReplacing || access(target, F_OK) != 0 else { throw .exists(target) }
    // What a run that was killed has left under the same name.
    discard()
    do {
      try copy()
      let bytes = try sync(partial)
      try place(isReplacing: isReplacing)
      try sync(directory)
      return bytes
    } catch {
      discard()
      throw BackupError(error, target: target)
    }
  }

  private var directory: String {
    guard let slash = target.lastIndex(of: "/") else { return "." }
    return slash == target.startIndex ? "/" : String(target[..<slash])
  }

  private func copy() throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let from = try DatabaseQueue(path: source, configuration: configuration)
    let to = try DatabaseQueue(path: partial)
    // All pages in one step: in steps, every write of the service would begin the copy anew.
    try from.backup(to: to)
    try to.writeWithoutTransaction { db in
      // One file, without a log beside it.
      try db.execute(sql: "PRAGMA journal_mode = DELETE")
      let findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
      guard findings == ["ok"] else { throw BackupError.damaged(findings.first ?? "no answer") }
    }
    try from.close()
    try to.close()
  }

  /// - Returns: The file's bytes.
  @discardableResult
  private func sync(_ path: String) throws(BackupError) -> Int64 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(target, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else {
      throw .system(target, errno)
    }
    return Int64(status.st_size)
  }

  private func place(isReplacing: Bool) throws(BackupError) {
    if !isReplacing {
      if link(partial, target) == 0 {
        unlink(partial)
        return
      }
      // A file system without links cannot refuse in the same moment; what has come meanwhile is seen.
      guard errno != EEXIST, access(target, F_OK) != 0 else { throw .exists(target) }
    }
    guard rename(partial, target) == 0 else { throw .system(target, errno) }
  }

  private func discard() {
    for suffix in ["", "-journal", "-wal", "-shm"] { unlink(partial + suffix) }
  }
}
