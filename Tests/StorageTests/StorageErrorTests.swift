import GRDB
import Testing

@testable import Storage

@Suite struct StorageErrorTests {
  @Test(arguments: [
    (.SQLITE_FULL, .full), (.SQLITE_READONLY, .readOnly), (.SQLITE_READONLY_DBMOVED, .readOnly),
    (.SQLITE_BUSY, .locked), (.SQLITE_BUSY_SNAPSHOT, .locked), (.SQLITE_LOCKED, .locked),
    (.SQLITE_CORRUPT, .corrupt("told")), (.SQLITE_NOTADB, .corrupt("told")),
    (.SQLITE_IOERR, .failed("told")), (.SQLITE_IOERR_FSYNC, .failed("told")),
    (.SQLITE_CONSTRAINT, .failed("told")),
  ] as [(ResultCode, StorageError)])
  func readsSQLitesCodes(_ code: ResultCode, _ error: StorageError) {
    #expect(StorageError(DatabaseError(resultCode: code, message: "told")) == error)
  }

  @Test func readsOtherErrors() {
    #expect(StorageError(StorageError.overloaded) == .overloaded)
    #expect(StorageError(CancellationError()) == .failed("CancellationError()"))
  }

  @Test(arguments: [
    (.cannotOpen(path: "/d/f", reason: "why"), "cannot_open", "cannot open the database /d/f: why"),
    (.tooNew, "too_new", "a later version of this program has changed it"),
    (.full, "disk_full", "the disk is full"),
    (.readOnly, "read_only", "the database cannot be written"),
    (.moved, "moved", "the database's file is not in its place any more"),
    (.locked, "locked", "another process has locked the database"),
    (.corrupt("why"), "corrupt", "the database is damaged: why"),
    (.overloaded, "overloaded", "too many database operations wait"),
    (.timedOut, "timeout", "the database did not answer in time"),
    (.closed, "closed", "the database is closed"),
    (.failed("why"), "sqlite_error", "the database failed: why"),
  ] as [(StorageError, String, String)])
  func saysWhatHappened(_ error: StorageError, _ label: String, _ description: String) {
    #expect(error.label == label)
    #expect(error.description == description)
  }
}
