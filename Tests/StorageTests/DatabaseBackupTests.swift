import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct DatabaseBackupTests {
  /// What is in a copy, and beside it.
  private func texts(_ path: String) throws -> [String] {
    var configuration = Configuration()
    configuration.readonly = true
    let copy = try DatabaseQueue(path: path, configuration: configuration)
    return try copy.read { try String.fetchAll($0, sql: "SELECT text FROM notes ORDER BY id") }
  }

  private func names(in directory: TemporaryDirectory) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
  }

  @Test func isWhatWasStored() async throws {
    let notes = try NotesDatabase()
    try await notes.add("one")
    let target = try TemporaryDirectory()
    let bytes = try DatabaseBackup(of: notes.path, to: target.file("copy.sqlite")).run()
    try await notes.add("two")
    #expect(try texts(target.file("copy.sqlite")) == ["one"])
    #expect(try names(in: target) == ["copy.sqlite"], "one file, with nothing beside it")
    let size = try FileManager.default.attributesOfItem(atPath: target.file("copy.sqlite"))[.size]
    #expect(size as? Int64 == bytes)
    #expect(try await notes.all() == ["one", "two"])
    notes.database.close()
  }

  /// A transaction that is under way is not in it, and is not waited for.
  @Test func doesNotWaitForAWrite() async throws {
    let notes = try NotesDatabase()
    try await notes.add("stored")
    let gate = Gate()
    let database = notes.database
    let write = Task {
      try await database.write(NotesDatabase.insert) { db in
        try NotesDatabase.add("under way", db)
        gate.pass()
      }
    }
    await gate.arrived()
    let copy = notes.directory.file("copy.sqlite")
    let (path, done) = (notes.path, Log<Int64>())
    await onThread { _ = (try? DatabaseBackup(of: path, to: copy).run()).map(done.append) }
    #expect(done.values.count == 1)
    #expect(try texts(copy) == ["stored"])
    gate.open()
    try await write.value
    #expect(try await notes.all() == ["stored", "under way"])
    database.close()
  }

  @Test func aClosedDatabaseCanBeCopied() async throws {
    let notes = try NotesDatabase()
    try await notes.add("kept")
    notes.database.close()
    let copy = notes.directory.file("copy.sqlite")
    try DatabaseBackup(of: notes.path, to: copy).run()
    #expect(try texts(copy) == ["kept"])
  }

  /// It opens as the database of a service.
  @Test func canTakeTheDatabasesPlace() async throws {
    let notes = try NotesDatabase()
    try await notes.add("before")
    let target = try TemporaryDirectory()
    try DatabaseBackup(of: notes.path, to: target.file("notes.sqlite")).run()
    let restored = try NotesDatabase(target)
    try await restored.add("after")
    #expect(try await restored.all() == ["before", "after"])
    restored.database.close()
    notes.database.close()
  }

  @Test func replacesOnlyWhenItIsTold() async throws {
    let notes = try NotesDatabase()
    try await notes.add("new")
    let target = try TemporaryDirectory()
    let path = target.file("copy.sqlite")
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    let backup = DatabaseBackup(of: notes.path, to: path)
    let error = #expect(throws: BackupError.exists(path)) { try backup.run() }
    #expect(error?.description == "\(path) exists; --overwrite replaces it")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    try backup.run(isReplacing: true)
    #expect(try texts(path) == ["new"])
    #expect(try names(in: target) == ["copy.sqlite"])
    notes.database.close()
  }

  @Test func nothingToCopy() throws {
    let directory = try TemporaryDirectory()
    let (path, copy) = (directory.file("notes.sqlite"), directory.file("copy.sqlite"))
    let error = #expect(throws: BackupError.noDatabase(path)) {
      try DatabaseBackup(of: path, to: copy).run()
    }
    #expect(error?.description == "there is no database \(path)")
    #expect(try names(in: directory) == [], "and none was made")
  }

  @Test func nowhereToPutIt() async throws {
    let notes = try NotesDatabase()
    let copy = notes.directory.file("missing/copy.sqlite")
    let error = #expect(throws: BackupError.self) {
      try DatabaseBackup(of: notes.path, to: copy).run()
    }
    #expect(error?.description.hasPrefix("cannot back up to \(copy): ") == true)
    #expect(error?.description.contains("\n") == false)
    notes.database.close()
  }

  /// A damaged page that nobody has read yet must not be in a backup that is said to be good.
  @Test func aDamagedDatabaseIsNoBackup() async throws {
    let notes = try NotesDatabase()
    for number in 0..<100 { try await notes.add("\(number) " + String(repeating: "x", count: 900)) }
    notes.database.close()
    let file = try #require(FileHandle(forWritingAtPath: notes.path))
    try file.seek(toOffset: 8 * 4096)
    try file.write(contentsOf: [UInt8](repeating: 0xA5, count: 4096))
    try file.close()
    let target = try TemporaryDirectory()
    let error = #expect(throws: BackupError.self) {
      try DatabaseBackup(of: notes.path, to: target.file("copy.sqlite")).run()
    }
    #expect(
      error?.description.hasPrefix("the copy is damaged, and the database may be: ") == true)
    #expect(try names(in: target) == [])
  }
}
