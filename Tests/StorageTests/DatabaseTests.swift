import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct DatabaseTests {
  @Test func makesItsDirectoryAndKeepsWhatIsWritten() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("a/b/notes.sqlite")
    let first = try Storage.Database(path: path, migrator: NotesDatabase.migrator)
    #expect(first.name == "notes.sqlite")
    try await first.write(NotesDatabase.insert) { try NotesDatabase.add("kept", $0) }
    first.close()

    let second = try Storage.Database(path: path, migrator: NotesDatabase.migrator)
    let texts = try second.readBlocking { try String.fetchAll($0, sql: "SELECT text FROM notes") }
    #expect(texts == ["kept"], "and the table is not made a second time")
    second.close()
  }

  @Test func isDurable() async throws {
    let notes = try NotesDatabase()
    let (mode, synchronous) = try await notes.database.write(NotesDatabase.insert) { db in
      (
        try String.fetchOne(db, sql: "PRAGMA journal_mode"),
        try Int.fetchOne(db, sql: "PRAGMA synchronous")
      )
    }
    #expect(mode == "wal")
    #expect(synchronous == 2, "FULL: the log is on the disk before a write returns")
    notes.database.close()
  }

  /// What is in the file and its log while it is open is what another process would find after a
  /// crash of this one.
  @Test func anAnsweredWriteIsInTheFiles() async throws {
    let notes = try NotesDatabase()
    try await notes.add("answered")
    let copy = try TemporaryDirectory()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: notes.path + suffix, toPath: copy.file("notes.sqlite\(suffix)"))
    }
    let survivor = try NotesDatabase(copy)
    #expect(try await survivor.all() == ["answered"])
    survivor.database.close()
    notes.database.close()
  }

  @Test func closingMovesTheLogIntoTheFile() async throws {
    let notes = try NotesDatabase()
    try await notes.add("moved")
    notes.database.close()
    try? FileManager.default.removeItem(atPath: notes.path + "-wal")
    let again = try NotesDatabase(notes.directory)
    #expect(try await again.all() == ["moved"])
    again.database.close()
  }

  @Test func readsGoBesideAWrite() async throws {
    let notes = try NotesDatabase()
    try await notes.add("before")
    let gate = Gate()
    let database = notes.database
    let write = Task {
      try await database.write(NotesDatabase.insert) { db in
        try NotesDatabase.add("during", db)
        gate.pass()
      }
    }
    await gate.arrived()
    #expect(try await notes.all() == ["before"], "a snapshot")
    gate.open()
    try await write.value
    #expect(try await notes.all() == ["before", "during"])
    database.close()
  }

  @Test func aFullReadQueueRefuses() async throws {
    let notes = try NotesDatabase(limits: .with { $0.readQueueOperationsMax = 2 })
    let gate = Gate()
    let database = notes.database
    let held = Task { try await database.read(NotesDatabase.list) { _ in gate.pass() } }
    await gate.arrived()
    let reads = try await notes.start(3) { database, number in
      try await database.read(NotesDatabase.list) { _ in number }
    }
    await #expect(throws: StorageError.overloaded) { try await reads[2].value }
    gate.open()
    try await held.value
    #expect(try await reads[0].value == 0)
    #expect(try await reads[1].value == 1)
    database.close()
  }

  @Test(arguments: ["", "plain", "naïve 日本語 🧾", "a\0b", "\0", "line\nbreak"])
  func textComesBackWhole(_ text: String) async throws {
    let notes = try NotesDatabase()
    try await notes.add(text)
    #expect(try await notes.all() == [text])
    let found = try notes.database.readBlocking { db in
      try Int.fetchOne(
        db, sql: "SELECT COUNT(*) FROM notes WHERE text = ?", arguments: [StoredText(text)])
    }
    #expect(found == 1, "and is found again")
    notes.database.close()
  }

  @Test func aValueOfAnotherTypeIsDamage() async throws {
    let notes = try NotesDatabase()
    try await notes.add("text")
    for value in ["1", "1.5"] {
      try await notes.database.write(NotesDatabase.insert) { db in
        try db.execute(sql: "UPDATE notes SET text = \(value)")
      }
      await #expect(throws: StorageError.corrupt("a column has a value of another type")) {
        try await notes.all()
      }
    }
    notes.database.close()
  }

  @Test func healthIsWhetherTheFileCanBeRead() async throws {
    let notes = try NotesDatabase()
    try await notes.database.checkHealth()
    let other = try DatabaseQueue(path: notes.path)
    try await other.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          PRAGMA writable_schema = ON;
          UPDATE sqlite_schema SET sql = 'nonsense';
          PRAGMA schema_version = 1000
          """)
    }
    let error = await #expect(throws: StorageError.self) {
      try await notes.database.checkHealth()
    }
    #expect(error?.label == "corrupt")
    notes.database.close()
    await #expect(throws: StorageError.closed) { try await notes.database.checkHealth() }
  }
}
