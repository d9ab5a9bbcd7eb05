import Foundation
import GRDB
import Storage
import TestSupport
import Testing

/// What can go wrong with an open file: nothing is acknowledged that is not stored, and when the
/// cause is gone, writes succeed again.
@Suite(.timeLimit(.minutes(1))) struct RefusedWriteTests {
  @Test func aFullDisk() async throws {
    let notes = try NotesDatabase()
    try await pragma("max_page_count = 12", notes)
    let text = String(repeating: "x", count: 500)
    var acknowledged: [String] = []
    var refused = 0
    for round in 0..<4 {
      let writes = try await notes.start(25) { database, number in
        let line = "\(round)-\(number)-\(text)"
        try await database.write(NotesDatabase.insert) { try NotesDatabase.add(line, $0) }
        return line
      }
      for write in writes {
        do {
          acknowledged.append(try await write.value)
        } catch {
          #expect(error as? StorageError == .full)
          refused += 1
        }
      }
    }
    #expect(refused > 0)
    #expect(Set(try await notes.all()) == Set(acknowledged))

    try await pragma("max_page_count = 1000", notes)
    try await notes.add("there is room again")
    #expect(try await notes.all().last == "there is room again")
    #expect(try await notes.all().count == acknowledged.count + 1)
    notes.database.close()
  }

  @Test func aDatabaseThatMayOnlyBeRead() async throws {
    let notes = try NotesDatabase()
    try await notes.add("before")
    await #expect(throws: StorageError.readOnly) {
      try await notes.database.write(NotesDatabase.insert) { db in
        try db.execute(sql: "PRAGMA query_only = ON")
        defer { try? db.execute(sql: "PRAGMA query_only = OFF") }
        try NotesDatabase.add("refused", db)
      }
    }
    try await notes.add("after")
    #expect(try await notes.all() == ["before", "after"])
    notes.database.close()
  }

  @Test func aLockOfAnotherProcess() async throws {
    let notes = try NotesDatabase(limits: .with { $0.busyTimeout = .milliseconds(20) })
    let other = try DatabaseQueue(path: notes.path)
    let gate = Gate()
    let held = Task {
      try await other.write { db in
        try db.execute(sql: "INSERT INTO notes (text) VALUES ('other')")
        gate.pass()
      }
    }
    await gate.arrived()
    await #expect(throws: StorageError.locked) { try await notes.add("refused") }
    #expect(try await notes.all() == [], "reads go on")
    gate.open()
    try await held.value
    try await notes.add("after")
    #expect(try await notes.all() == ["other", "after"])
    notes.database.close()
  }

  /// A lock that is given back in time is waited for, fractions of a second as well.
  @Test func aLockThatIsGivenBackInTime() async throws {
    let notes = try NotesDatabase(limits: .with { $0.busyTimeout = .milliseconds(30_900) })
    let other = try DatabaseQueue(path: notes.path)
    let timeout = try await notes.database.write(NotesDatabase.insert) { db in
      try Int.fetchOne(db, sql: "PRAGMA busy_timeout")
    }
    #expect(timeout == 30_900)
    let gate = Gate()
    let held = Task {
      try await other.write { db in
        try db.execute(sql: "INSERT INTO notes (text) VALUES ('other')")
        gate.pass()
      }
    }
    await gate.arrived()
    let writes = try await notes.start(1) { database, _ in
      try await database.write(NotesDatabase.insert) { try NotesDatabase.add("waited", $0) }
    }
    gate.open()
    try await held.value
    try await writes[0].value
    #expect(try await notes.all() == ["other", "waited"])
    notes.database.close()
  }

  /// A file that was moved away, or its log, takes no writes that nobody would find.
  @Test(arguments: ["", "-wal"])
  func aFileThatIsNotInItsPlace(_ suffix: String) async throws {
    let notes = try NotesDatabase()
    try await notes.add("before")
    let (path, elsewhere) = (notes.path + suffix, notes.directory.file("elsewhere"))
    try FileManager.default.moveItem(atPath: path, toPath: elsewhere)
    await #expect(throws: StorageError.moved) { try await notes.add("refused") }
    await #expect(throws: StorageError.moved) { try await notes.database.checkHealth() }
    try Data("another".utf8).write(to: URL(fileURLWithPath: path))
    await #expect(throws: StorageError.moved) { try await notes.add("refused") }
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: elsewhere, toPath: path)
    try await notes.add("after")
    try await notes.database.checkHealth()
    #expect(try await notes.all() == ["before", "after"])
    notes.database.close()
  }

  /// A disk that does not answer holds the writer, but nobody who waits for it, whether his turn has
  /// come or not.
  @Test func aWriterThatStallsHoldsNobody() async throws {
    let notes = try NotesDatabase(limits: .with { $0.patience = .milliseconds(300) })
    let gate = Gate()
    let writes = try await notes.start(3) { database, number in
      try await database.write(NotesDatabase.insert) { db in
        if number == 0 { gate.pass() }
        try NotesDatabase.add("\(number)", db)
      }
    }
    await gate.arrived()
    for write in writes {
      await #expect(throws: StorageError.timedOut) { try await write.value }
    }
    try await notes.database.checkHealth()
    gate.open()
    try await notes.add("after")
    let stored = try await notes.all()
    #expect(stored.first == "0", "what had begun is stored")
    #expect(stored.last == "after")
    notes.database.close()
  }

  @Test func aReaderThatStallsHoldsNobody() async throws {
    let notes = try NotesDatabase(limits: .with { $0.patience = .milliseconds(300) })
    let gate = Gate()
    let database = notes.database
    let stalled = Task { try await database.read(NotesDatabase.list) { _ in gate.pass() } }
    await gate.arrived()
    await #expect(throws: StorageError.timedOut) { try await notes.all() }
    await #expect(throws: StorageError.timedOut) { try await database.checkHealth() }
    await #expect(throws: StorageError.timedOut) { try await stalled.value }
    gate.open()
    try await notes.add("after")
    while (try? await notes.all()) != ["after"] { await Task.yield() }
    notes.database.close()
  }

  private func pragma(_ text: String, _ notes: NotesDatabase) async throws {
    try await notes.database.write(NotesDatabase.insert) { db in
      try db.execute(sql: "PRAGMA \(text)")
    }
  }
}
