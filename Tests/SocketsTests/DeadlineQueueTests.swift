@testable import Sockets
import Testing

@Suite struct DeadlineQueueTests {
  private static func at(_ nanoseconds: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: nanoseconds)
  }

  /// A queue whose entries note their names when they are run.
  private final class Bench {
    var queue = DeadlineQueue()
    private(set) var ran: [Int] = []
    private var entries: [Int: DeadlineQueue.Entry] = [:]

    func entry(_ name: Int) -> DeadlineQueue.Entry {
      if let entry = entries[name] { return entry }
      let entry = DeadlineQueue.Entry { [unowned self] _ in ran.append(name) }
      entries[name] = entry
      return entry
    }

    func schedule(_ name: Int, _ nanoseconds: UInt64) {
      queue.schedule(entry(name), at: at(nanoseconds))
    }

    func run(_ nanoseconds: UInt64) -> [Int] {
      ran = []
      while let entry = queue.popDue(at: at(nanoseconds)) { entry.action(at(nanoseconds)) }
      return ran
    }
  }

  @Test func theEarliestIsFirst() {
    let bench = Bench()
    for name in [5, 3, 9, 1, 7, 4, 8, 2, 6] { bench.schedule(name, UInt64(name) * 10) }
    #expect(bench.queue.next == Self.at(10) && bench.queue.count == 9)
    #expect(bench.run(9) == [])
    #expect(bench.run(10) == [1])
    #expect(bench.run(10) == [])
    #expect(bench.run(45) == [2, 3, 4])
    #expect(bench.queue.next == Self.at(50))
    #expect(bench.run(1000) == [5, 6, 7, 8, 9])
    #expect(bench.queue.next == nil && bench.queue.count == 0)
  }

  @Test func oneInstantForSeveral() {
    let bench = Bench()
    for name in 1...5 { bench.schedule(name, 10) }
    bench.schedule(6, 11)
    #expect(bench.run(9) == [])
    #expect(bench.run(10).sorted() == [1, 2, 3, 4, 5])
    #expect(bench.run(11) == [6])
  }

  @Test func anEntryMoves() {
    let bench = Bench()
    for name in 1...6 { bench.schedule(name, UInt64(name) * 10) }
    bench.schedule(6, 5)
    bench.schedule(1, 55)
    bench.schedule(3, 30)
    #expect(bench.queue.count == 6 && bench.queue.next == Self.at(5))
    #expect(bench.run(100) == [6, 2, 3, 4, 5, 1])
  }

  @Test func anEntryIsTakenOut() {
    for removed in 1...7 {
      let bench = Bench()
      for name in [4, 2, 6, 1, 3, 5, 7] { bench.schedule(name, UInt64(name)) }
      bench.queue.remove(bench.entry(removed))
      #expect(!bench.entry(removed).isQueued && bench.queue.count == 6)
      bench.queue.remove(bench.entry(removed))
      #expect(bench.queue.count == 6)
      #expect(bench.run(10) == (1...7).filter { $0 != removed })
      bench.schedule(removed, 1)
      #expect(bench.run(10) == [removed])
    }
  }

  @Test func whatIsDueHasLeft() {
    var queue = DeadlineQueue()
    // Weak, for the entry holds its action.
    weak var entry: DeadlineQueue.Entry?
    var wasQueued = true
    var told = Self.at(0)
    let made = DeadlineQueue.Entry { now in
      wasQueued = entry?.isQueued ?? true
      told = now
    }
    entry = made
    #expect(!made.isQueued)
    queue.schedule(made, at: Self.at(3))
    #expect(made.isQueued && made.instant == Self.at(3))
    queue.popDue(at: Self.at(4))?.action(Self.at(4))
    #expect(!wasQueued && told == Self.at(4))
  }

  @Test func theLastInstantNeverComesEarly() {
    let bench = Bench()
    bench.schedule(1, .max)
    #expect(bench.run(.max - 1) == [])
    #expect(bench.run(.max) == [1])
  }

  /// Whatever is done to it, it gives what a sorted list would.
  @Test(arguments: 0..<30)
  func itBehavesLikeASortedList(seed: UInt64) {
    var state = seed &+ 1
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    let bench = Bench()
    var model: [Int: UInt64] = [:]
    for _ in 0..<400 {
      let name = Int(random(40))
      switch random(4) {
      case 0, 1:
        let instant = random(1000)
        bench.schedule(name, instant)
        model[name] = instant
      case 2:
        bench.queue.remove(bench.entry(name))
        model[name] = nil
      default:
        let now = random(1000)
        let due = model.filter { $0.value <= now }
        let ran = bench.run(now)
        #expect(ran.map { due[$0] } == due.values.sorted() && Set(ran) == Set(due.keys))
        for name in due.keys { model[name] = nil }
      }
      #expect(bench.queue.count == model.count)
      #expect(bench.queue.next?.nanoseconds == model.values.min())
    }
  }
}
