import Bytes
import Dispatch
import Synchronization
import Testing

@testable import Telemetry

@Suite("Record queue")
struct RecordQueueTests {
  private struct Fixture {
    let drops = DropCounters()
    let wakes = Wakes()
    let queue: RecordQueue

    final class Wakes: Sendable {
      let count = Atomic<Int>(0)
    }

    init(_ change: (inout RecordQueue.Limits) -> Void = { _ in }) {
      var limits = RecordQueue.Limits()
      change(&limits)
      let wakes = wakes
      queue = RecordQueue(limits: limits, drops: drops) {
        wakes.count.wrappingAdd(1, ordering: .relaxed)
      }
    }

    var wakeCount: Int { wakes.count.load(ordering: .relaxed) }
  }

  @Test("the last record that fits is taken, the next is dropped; release makes room")
  func countBound() {
    let fixture = Fixture { $0.queueRecordsMax = 10 }
    for number in 0..<10 { fixture.queue.append(smallRecord(number)) }
    #expect(fixture.drops.total == 0 && fixture.queue.waitingCount == 10)
    fixture.queue.append(smallRecord())
    #expect(fixture.drops.byReason == [.queueFull: 1] && fixture.queue.waitingCount == 10)
    let batches = fixture.queue.takeAll()
    #expect(batches.map(\.recordCount) == [10])
    fixture.queue.append(smallRecord())
    #expect(fixture.drops.byReason == [.queueFull: 2])
    for batch in batches { fixture.queue.release(batch) }
    fixture.queue.append(smallRecord())
    #expect(fixture.queue.waitingCount == 1 && fixture.drops.total == 2)
  }

  @Test("bytes are bounded too")
  func byteBound() {
    let fixture = Fixture { $0.queueBytesMax = 1 }
    fixture.queue.append(smallRecord())
    fixture.queue.append(smallRecord())
    #expect(fixture.queue.waitingCount == 1)
    #expect(fixture.drops.byReason == [.queueFull: 1])
  }

  @Test("a record that is not taken may have been the one to wake the consumer, and does so")
  func wakeUp() {
    let fixture = Fixture { $0.recordBytesMax = 100 }
    fixture.queue.append(scope: 0) { $0.append(Array(repeating: 7, count: 101)) }
    #expect(fixture.wakeCount == 1 && fixture.queue.waitingCount == 0)
  }

  @Test("a record of the largest size is taken, one byte more is not, and leaves nothing behind")
  func recordBound() {
    let fixture = Fixture { $0.recordBytesMax = 100 }
    func add(_ count: Int) {
      fixture.queue.append(scope: 0) { $0.append(Array(repeating: 7, count: count)) }
    }
    add(100)
    add(101)
    add(99)
    #expect(fixture.drops.byReason == [.recordTooLarge: 1])
    #expect(fixture.queue.takeAll().map(\.byteCount) == [199])
    #expect(fixture.queue.waitingCount == 2)
  }

  @Test("a batch is sealed by count, and by bytes")
  func sealing() {
    let byCount = Fixture { $0.batchRecordsMax = 3 }
    for number in 0..<7 { byCount.queue.append(smallRecord(number)) }
    #expect(byCount.queue.takeAll().map(\.recordCount) == [3, 3, 1])
    let byBytes = Fixture { $0.batchBytesMax = 100 }
    for _ in 0..<5 {
      byBytes.queue.append(scope: 0) { $0.append(Array(repeating: 7, count: 50)) }
    }
    #expect(byBytes.queue.takeAll().map(\.recordCount) == [2, 2, 1])
  }

  @Test("the consumer is woken by the first record and by a full batch")
  func waking() {
    let fixture = Fixture { $0.batchRecordsMax = 3 }
    fixture.queue.append(smallRecord())
    #expect(fixture.wakeCount == 1)
    fixture.queue.append(smallRecord())
    #expect(fixture.wakeCount == 1)
    fixture.queue.append(smallRecord())
    #expect(fixture.wakeCount == 2)
    fixture.queue.append(smallRecord())
    #expect(fixture.wakeCount == 2)
  }

  @Test("records of one scope lie together")
  func scopes() {
    let fixture = Fixture()
    for scope in [3, 0, 3, 3, 1] { fixture.queue.append(smallRecord(), scope: scope) }
    let segments = fixture.queue.takeAll().flatMap(\.segments)
    #expect(segments.map(\.scope) == [3, 0, 1])
    #expect(segments.map(\.recordCount) == [3, 1, 1])
  }

  @Test("memory that was used before carries nothing over")
  func recycling() {
    let fixture = Fixture()
    fixture.queue.append(smallRecord(), scope: 2)
    let first = fixture.queue.takeAll()
    for batch in first { fixture.queue.recycle(batch) }
    fixture.queue.append(scope: 5) { $0.append([1, 2]) }
    let segment = fixture.queue.takeAll().first?.segments.first
    #expect(segment === first.first?.segments.first)
    #expect(segment?.scope == 5 && segment?.recordCount == 1)
    #expect(segment?.bytes.array() == [1, 2])
  }

  @Test("after closing everything is dropped, and what was there stays")
  func closing() {
    let fixture = Fixture()
    fixture.queue.append(smallRecord())
    fixture.queue.close()
    fixture.queue.append(smallRecord())
    #expect(fixture.drops.byReason == [.shutdown: 1])
    #expect(fixture.queue.takeAll().map(\.recordCount) == [1])
  }

  @Test("threads against a consumer: every record is taken or counted as dropped")
  func accounting() {
    let fixture = Fixture {
      $0.queueRecordsMax = 300
      $0.batchRecordsMax = 64
    }
    let producing = Atomic<Int>(4)
    let taken = Atomic<Int>(0)
    let (threads, perThread) = (4, 20_000)
    @Sendable func consume() {
      for batch in fixture.queue.takeAll() {
        let inside = batch.segments.reduce(0) { $0 + $1.recordCount }
        #expect(batch.recordCount == inside)
        taken.wrappingAdd(batch.recordCount, ordering: .relaxed)
        fixture.queue.release(batch)
        fixture.queue.recycle(batch)
      }
    }
    DispatchQueue.concurrentPerform(iterations: threads + 1) { thread in
      guard thread < threads else {
        while producing.load(ordering: .acquiring) > 0 { consume() }
        return
      }
      for number in 0..<perThread { fixture.queue.append(smallRecord(number), scope: thread) }
      producing.wrappingSubtract(1, ordering: .releasing)
    }
    consume()
    #expect(fixture.queue.waitingCount == 0)
    #expect(taken.load(ordering: .relaxed) + fixture.drops.total == threads * perThread)
    #expect(fixture.drops.byReason.keys.allSatisfy { $0 == .queueFull })
  }
}
