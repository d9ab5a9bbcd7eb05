import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct WriteAheadLogTests {
  private static let bytesMax = 256 << 10

  private func logBytes(_ notes: NotesDatabase) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: notes.path + "-wal")
    return try #require(attributes[.size] as? Int)
  }

  /// Adds rows until the log is larger than `bytes`; about 8 KiB at a time.
  /// - Returns: Whether it became that large.
  private func grow(_ notes: NotesDatabase, beyond bytes: Int, name: String) async throws -> Bool {
    let text = String(repeating: "x", count: 4000)
    for number in 0..<200 {
      try await notes.add("\(name) \(number) \(text)")
      if try logBytes(notes) > bytes { return true }
    }
    return false
  }

  @Test func aReaderThatStaysDoesNotStopWritesAndTheLogShrinksAfterIt() async throws {
    let notes = try NotesDatabase(limits: .with { $0.logBytesMax = Self.bytesMax })
    let gate = Gate()
    let database = notes.database
    let held = Task {
      try await database.read(NotesDatabase.list) { db in
        _ = try String.fetchAll(db, sql: NotesDatabase.list.text)
        gate.pass()
      }
    }
    await gate.arrived()
    #expect(try await grow(notes, beyond: Self.bytesMax * 2, name: "held"))
    gate.open()
    try await held.value
    #expect(try await !grow(notes, beyond: Self.bytesMax * 4, name: "free"))
    notes.database.close()
  }

  /// No commit moves the log into the file itself, and yet it is moved.
  @Test func theLogIsMovedBesideTheWrites() async throws {
    let notes = try NotesDatabase()
    let byCommits = try await notes.database.write(NotesDatabase.insert) { db in
      try Int.fetchOne(db, sql: "PRAGMA wal_autocheckpoint")
    }
    #expect(byCommits == 0)
    func fileBytes() throws -> Int {
      let attributes = try FileManager.default.attributesOfItem(atPath: notes.path)
      return try #require(attributes[.size] as? Int)
    }
    let before = try fileBytes()
    let text = String(repeating: "x", count: 8000)
    for number in 0..<700 { try await notes.add("\(number) \(text)") }
    while try fileBytes() == before { await Task.yield() }
    #expect(try await notes.all().count == 700)
    notes.database.close()
  }

  @Test func theTimeoutForOtherProcessesComesBack() async throws {
    let notes = try NotesDatabase(
      limits: .with {
        $0.logBytesMax = 1
        $0.busyTimeout = .milliseconds(1234)
      })
    try await notes.add("the log is too large now")
    let timeout = try await notes.database.write(NotesDatabase.insert) { db in
      try Int.fetchOne(db, sql: "PRAGMA busy_timeout")
    }
    #expect(timeout == 1234)
    #expect(try logBytes(notes) == 0)
    notes.database.close()
  }
}
