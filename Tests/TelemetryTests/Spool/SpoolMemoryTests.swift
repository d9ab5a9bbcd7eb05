import Sockets
import Testing

@testable import Telemetry

@Suite("Spool: what goes to disk")
struct SpoolMemoryTests {
  private let start = MonotonicInstant(nanoseconds: 1_000_000_000)
  private var end: MonotonicInstant { start + .seconds(1) }

  private func item(_ bytes: Int, at time: MonotonicInstant? = nil) -> SpoolMemory.Item {
    SpoolMemory.Item(
      body: [UInt8](repeating: 1, count: bytes), recordCount: 1, taken: time ?? start)
  }

  private func memory(_ sizes: Int...) -> SpoolMemory {
    var memory = SpoolMemory(bytesMax: 100, delay: .seconds(1))
    for size in sizes { memory.add(item(size)) }
    return memory
  }

  @Test("as much as may be waits for its second, then it is written, the oldest first")
  func delay() {
    var memory = memory(40, 60)
    #expect(memory.next(isUrgent: false, now: start) == .wait(until: end))
    #expect(memory.next(isUrgent: false, now: end) == .store(item(40)))
    #expect(memory.next(isUrgent: false, now: end) == .store(item(60)))
    #expect(memory.next(isUrgent: false, now: end) == .wait(until: nil))
  }

  @Test("one byte more, and the oldest is written")
  func tooMuch() {
    var memory = memory(40, 61)
    #expect(memory.next(isUrgent: false, now: start) == .store(item(40)))
    #expect(memory.next(isUrgent: false, now: start) == .wait(until: end))
  }

  @Test("nobody adds to twice as much as may be; a single request is never too many")
  func overfull() {
    #expect(!memory(100, 100).isOverfull)
    #expect(memory(100, 101).isOverfull)
    #expect(!memory(1_000).isOverfull)
    var unbounded = SpoolMemory(bytesMax: .max, delay: .seconds(1))
    unbounded.add(item(1))
    unbounded.add(item(1))
    #expect(!unbounded.isOverfull)
  }

  @Test("when it is urgent everything is written")
  func urgent() {
    var memory = memory(1, 2)
    #expect(memory.next(isUrgent: true, now: start) == .store(item(1)))
    #expect(memory.takeFirst() == item(2))
    #expect(memory.takeFirst() == nil)
    memory.putBack(item(2))
    memory.putBack(item(1))
    #expect(memory.next(isUrgent: true, now: start) == .store(item(1)))
    #expect(memory.count == 1)
  }

  @Test("a disk that refused is left alone while there is room, and until it must not be")
  func refusal() {
    var memory = memory(40, 40)
    guard case .store(let first) = memory.next(isUrgent: true, now: start) else {
      Issue.record("nothing to write")
      return
    }
    #expect(memory.refused(first, retry: end) == true)
    #expect(memory.next(isUrgent: true, now: start) == .wait(until: end))
    var ending = memory
    ending.hurry()
    #expect(ending.next(isUrgent: true, now: start) == .store(first))
    memory.add(item(40))
    #expect(memory.next(isUrgent: true, now: start) == .store(first))
    #expect(memory.refused(item(21), retry: end) == false)
    #expect(memory.count == 2)
  }
}
