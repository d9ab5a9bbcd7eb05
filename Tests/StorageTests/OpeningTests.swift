import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct OpeningTests {
  /// Opens what `prepare` has left at a path.
  /// - Returns: The reason why not.
  private func refusal(
    limits: Storage.Database.Limits = .init(), migrator: DatabaseMigrator? = nil,
    name: String = "notes.sqlite", _ prepare: (TemporaryDirectory) throws -> Void
  ) throws -> String {
    let directory = try TemporaryDirectory()
    try prepare(directory)
    let path = directory.file(name)
    let error = #expect(throws: StorageError.self) {
      try Storage.Database(
        path: path, migrator: migrator ?? NotesDatabase.migrator, limits: limits
      ).close()
    }
    guard case .cannotOpen(path, let reason)? = error else { return "" }
    #expect(error?.description == "cannot open the database \(path): \(reason)")
    return reason
  }

  @Test func aDirectoryInItsPlace() throws {
    let reason = try refusal { directory in
      try FileManager.default.createDirectory(
        atPath: directory.file("notes.sqlite"), withIntermediateDirectories: false)
    }
    #expect(reason == "unable to open database file")
  }

  @Test func aFileInItsDirectorysPlace() throws {
    let reason = try refusal(name: "file/notes.sqlite") { directory in
      try Data("x".utf8).write(to: URL(fileURLWithPath: directory.file("file")))
    }
    #expect(reason == "Not a directory")
  }

  @Test func aDirectoryThatCannotBeMade() throws {
    let error = #expect(throws: StorageError.self) {
      try Storage.Database(path: "/proc/ostack/notes.sqlite", migrator: NotesDatabase.migrator)
    }
    #expect(
      error?.description
        == "cannot open the database /proc/ostack/notes.sqlite: No such file or directory")
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aDirectoryThatMayNotBeWritten() throws {
    let reason = try refusal { directory in
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: directory.path)
    }
    #expect(reason == "Permission denied")
  }

  @Test func noDatabase() throws {
    let reason = try refusal { directory in
      try Data("no database, whatever its name says\n".utf8 + [UInt8](repeating: 0, count: 5000))
        .write(to: URL(fileURLWithPath: directory.file("notes.sqlite")))
    }
    #expect(reason == "file is not a database")
  }

  @Test func aDamagedDatabase() throws {
    let reason = try refusal { directory in
      let notes = try NotesDatabase(directory)
      notes.database.close()
      let file = try #require(FileHandle(forWritingAtPath: notes.path))
      // Everything behind the header's page count and version: the schema's own page.
      try file.seek(toOffset: 100)
      try file.write(contentsOf: [UInt8](repeating: 0xA5, count: 3996))
      try file.close()
    }
    #expect(reason == "database disk image is malformed")
  }

  @Test func aLockedDatabase() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("notes.sqlite")
    let other = try DatabaseQueue(path: path)
    try other.write { db in
      try db.execute(sql: "CREATE TABLE other (id INTEGER)")
      #expect(throws: StorageError.cannotOpen(path: path, reason: "database is locked")) {
        try Storage.Database(
          path: path, migrator: NotesDatabase.migrator,
          limits: .with { $0.busyTimeout = .milliseconds(20) })
      }
    }
    let database = try Storage.Database(path: path, migrator: NotesDatabase.migrator)
    database.close()
  }

  @Test func aDatabaseOfALaterVersion() throws {
    let reason = try refusal { directory in
      var later = NotesDatabase.migrator
      later.registerMigration("2: more") { db in
        try db.execute(sql: "ALTER TABLE notes ADD COLUMN more")
      }
      try Storage.Database(path: directory.file("notes.sqlite"), migrator: later).close()
    }
    #expect(reason == "a later version of this program has changed it")
  }

  @Test func aMigrationThatFails() throws {
    var broken = NotesDatabase.migrator
    broken.registerMigration("2: broken") { db in try db.execute(sql: "DROP TABLE missing") }
    let reason = try refusal(migrator: broken) { directory in
      try NotesDatabase(directory).database.close()
    }
    #expect(reason == "no such table: missing")
  }

  /// As when a service is replaced by its next version.
  @Test func severalCanShareAFile() async throws {
    let first = try NotesDatabase()
    let second = try NotesDatabase(first.directory)
    for number in 0..<10 {
      try await (number % 2 == 0 ? first : second).add("\(number)")
    }
    #expect(try await first.all() == (0..<10).map(String.init))
    first.database.close()
    try await second.add("10")
    #expect(try await second.all().count == 11)
    second.database.close()
  }
}
