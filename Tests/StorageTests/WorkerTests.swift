import TestSupport
import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(1))) struct WorkerTests {
  @Test func handsOverWhatWaitsTogether() async throws {
    let gate = Gate()
    let batches = Log<[Int]>()
    let worker = Worker<Int>(name: "worker", itemsMax: 100, batchMax: 4) { batch in
      batches.append(batch)
      if batch == [0] { gate.pass() }
    }
    try worker.submit(0)
    await gate.arrived()
    for number in 1...9 { try worker.submit(number) }
    gate.open()
    await onThread { worker.close() }
    #expect(batches.values == [[0], [1, 2, 3, 4], [5, 6, 7, 8], [9]])
  }

  @Test func refusesWhatIsTooMuch() async throws {
    let gate = Gate()
    let items = Log<Int>()
    let worker = Worker<Int>(name: "worker", itemsMax: 2, batchMax: 1) { batch in
      for item in batch { items.append(item) }
      gate.pass()
    }
    try worker.submit(0)
    await gate.arrived()
    try worker.submit(1)
    try worker.submit(2)
    #expect(throws: StorageError.overloaded) { try worker.submit(3) }
    gate.open()
    await onThread { worker.close() }
    #expect(items.values == [0, 1, 2])
  }

  @Test func closingDoesWhatWaitsAndTakesNoMore() async throws {
    let gate = Gate()
    let items = Log<Int>()
    let worker = Worker<Int>(name: "worker", itemsMax: .max, batchMax: 1) { batch in
      for item in batch { items.append(item) }
      gate.pass()
    }
    try worker.submit(0)
    await gate.arrived()
    let closing = Task { await onThread { worker.close() } }
    var accepted = 1
    while (try? worker.submit(accepted)) != nil {
      accepted += 1
      await Task.yield()
    }
    #expect(throws: StorageError.closed) { try worker.submit(-1) }
    gate.open()
    await closing.value
    #expect(items.values == Array(0..<accepted))
    await onThread { worker.close() }
  }
}
