import GRDB
import Storage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct GroupCommitTests {
  /// The transactions that `count` writes take which wait together, `max` of them in each.
  @Test(arguments: [(1, 1), (511, 1), (512, 1), (513, 2), (1024, 2), (1025, 3)])
  func writesThatWaitTogetherShareTransactions(_ count: Int, _ transactions: Int) async throws {
    let notes = try NotesDatabase()
    let commits = try await notes.countCommits()
    let (gate, held) = await notes.holdWriter()
    let writes = try await notes.start(count) { database, number in
      try await database.write(NotesDatabase.insert) { try NotesDatabase.add("\(number)", $0) }
    }
    gate.open()
    try await held.value
    for write in writes { try await write.value }
    #expect(commits.count == transactions)
    #expect(try await notes.all() == (0..<count).map(String.init), "in the callers' order")
    notes.database.close()
  }

  @Test func aFailureHarmsOnlyItsOwnCaller() async throws {
    let notes = try NotesDatabase()
    let (gate, held) = await notes.holdWriter()
    let writes = try await notes.start(9) { database, number in
      try await database.write(NotesDatabase.insert) { db in
        try NotesDatabase.add("\(number)", db)
        // What it did before it failed is undone as well.
        if number % 3 == 1 { try NotesDatabase.add("0", db) }
        return number
      }
    }
    gate.open()
    try await held.value
    for (number, write) in writes.enumerated() {
      switch await write.result {
      case .success(let value): #expect(value == number && number % 3 != 1)
      case .failure(let error):
        #expect(number % 3 == 1)
        guard case StorageError.failed(let reason) = error else { throw error }
        #expect(reason.contains("UNIQUE"))
      }
    }
    #expect(try await notes.all() == ["0", "2", "3", "5", "6", "8"])
    notes.database.close()
  }

  /// `ROLLBACK` is what a statement does that cannot be undone alone, as on a full disk.
  @Test func whatEndsTheTransactionIsToldToEveryone() async throws {
    let notes = try NotesDatabase()
    let (gate, held) = await notes.holdWriter()
    let writes = try await notes.start(5) { database, number in
      try await database.write(NotesDatabase.insert) { db in
        try NotesDatabase.add("\(number)", db)
        if number == 1 { throw StorageError.tooNew }
        if number == 3 {
          try db.execute(sql: "INSERT OR ROLLBACK INTO notes (text) VALUES ('3')")
        }
      }
    }
    gate.open()
    // Its transaction was over before theirs began.
    try await held.value
    for (number, write) in writes.enumerated() {
      let error = await #expect(throws: StorageError.self) { try await write.value }
      // Who had failed before knows better why.
      #expect(error?.label == (number == 1 ? "too_new" : "sqlite_error"))
    }
    #expect(try await notes.all() == [])
    try await notes.add("later")
    #expect(try await notes.all() == ["later"])
    notes.database.close()
  }

  @Test func aFullQueueRefuses() async throws {
    let notes = try NotesDatabase(limits: .with { $0.writeQueueOperationsMax = 3 })
    let (gate, held) = await notes.holdWriter()
    let writes = try await notes.start(5) { database, number in
      try await database.write(NotesDatabase.insert) { try NotesDatabase.add("\(number)", $0) }
    }
    // The refused do not wait for the writer.
    for write in writes[3...] {
      await #expect(throws: StorageError.overloaded) { try await write.value }
    }
    gate.open()
    try await held.value
    for write in writes[..<3] { try await write.value }
    #expect(try await notes.all() == ["0", "1", "2"])
    notes.database.close()
  }

  @Test func whoHasWaitedTooLongIsNotServed() async throws {
    let notes = try NotesDatabase()
    let (gate, held) = await notes.holdWriter()
    let writes = try await notes.start(3) { database, number in
      try await database.write(
        NotesDatabase.insert, patience: [nil, .zero, .seconds(60)][number]
      ) { try NotesDatabase.add("\(number)", $0) }
    }
    gate.open()
    try await held.value
    try await writes[0].value
    await #expect(throws: StorageError.timedOut) { try await writes[1].value }
    try await writes[2].value
    #expect(try await notes.all() == ["0", "2"])
    notes.database.close()
  }

  @Test func whatIsCommittedIsToldInOrderAndBeforeTheCaller() async throws {
    let notes = try NotesDatabase()
    let log = Log<String>()
    let (gate, held) = await notes.holdWriter()
    let writes = try await notes.start(100) { database, number in
      let text = try await database.write(
        NotesDatabase.insert, committed: { log.append($0) }
      ) { db in
        try NotesDatabase.add("\(number)", db)
        if number == 50 { throw StorageError.full }
        return "\(number)"
      }
      return log.values.contains(text)
    }
    gate.open()
    try await held.value
    for (number, write) in writes.enumerated() where number != 50 {
      #expect(try await write.value)
    }
    await #expect(throws: StorageError.full) { try await writes[50].value }
    #expect(log.values == (0..<100).filter { $0 != 50 }.map(String.init))
    notes.database.close()
  }

  @Test func closingAnswersWhatWaits() async throws {
    let notes = try NotesDatabase()
    let (gate, held) = await notes.holdWriter()
    let writes = try await notes.start(10) { database, number in
      try await database.write(NotesDatabase.insert) { try NotesDatabase.add("\(number)", $0) }
    }
    let database = notes.database
    async let closed: Void = onThread { database.close() }
    gate.open()
    try await held.value
    for write in writes { try await write.value }
    await closed
    await #expect(throws: StorageError.closed) { try await notes.add("late") }
    await #expect(throws: StorageError.closed) { try await notes.all() }
    database.close()
    let again = try NotesDatabase(notes.directory)
    #expect(try await again.all() == (0..<10).map(String.init))
    again.database.close()
  }
}
