import RawSockets
@testable import Sockets
import Testing

@Suite(.timeLimit(.minutes(1))) struct WakeSignalTests {
  // MARK: Sleeping

  @Test func sleepersWakeInTheOrderOfTheirInstants() async throws {
    let order = try await onLoop { loop in
      let order = Locked<[Int]>([])
      let start = MonotonicInstant.now() + .milliseconds(20)
      await withTaskGroup(of: Void.self) { group in
        for name in [3, 1, 4, 2, 5] {
          group.addTask {
            let instant = start + .milliseconds(name * 5)
            try? await loop.sleep(until: instant)
            #expect(loop.now >= instant)
            order.update { $0.append(name) }
          }
        }
      }
      return order.value
    }
    #expect(order == [1, 2, 3, 4, 5])
  }

  @Test func oneInstantWakesAll() async throws {
    let count = try await onLoop { loop in
      let instant = MonotonicInstant.now() + .milliseconds(5)
      return await withTaskGroup(of: Int.self) { group in
        for _ in 0..<100 {
          group.addTask {
            try? await loop.sleep(until: instant)
            return loop.now >= instant ? 1 : 0
          }
        }
        return await group.reduce(0, +)
      }
    }
    #expect(count == 100)
  }

  @Test func aPastInstantIsNow() async throws {
    try await onLoop { loop in
      try await loop.sleep(until: MonotonicInstant(nanoseconds: 0))
      try await loop.sleep(until: .now())
    }
  }

  @Test func cancellationEndsASleep() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    for isEarly in [true, false] {
      let begun = Gate()
      let task = Task {
        await loop.run {
          if isEarly {
            while !Task.isCancelled { await Task.yield() }
          }
          begun.open()
          do throws(CancellationError) {
            try await loop.sleep(until: .distantFuture)
            return false
          } catch {
            return true
          }
        }
      }
      if !isEarly { await begun.passed() }
      task.cancel()
      #expect(await task.value)
    }
  }

  // MARK: Signals

  @Test func aNotificationThatComesFirstIsKept() async throws {
    try await onLoop { loop in
      let signal = WakeSignal(loop)
      signal.notify()
      signal.notify()
      await signal.wait(until: nil)
      // Both were one: this wait ends by its own instant.
      let instant = Patience.short
      // What was on its way for the first one may still end one wait early.
      await signal.wait(until: instant)
      while loop.now < instant { await signal.wait(until: instant) }
    }
  }

  @Test func itWakesFromAnyThread() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let signal = WakeSignal(loop)
    let count = Locked(0)
    let waiting = Task {
      await loop.run {
        while count.value < 20_000 { await signal.wait(until: nil) }
      }
    }
    try await onThread {
      for _ in 0..<10_000 {
        count.update { $0 += 1 }
        signal.notify()
      }
    }
    try await onLoop { other in
      for _ in 0..<10_000 {
        count.update { $0 += 1 }
        signal.notify()
        await Task.yield()
      }
      _ = other
    }
    await waiting.value
  }

  @Test func itsInstantEndsAWait() async throws {
    try await onLoop { loop in
      let signal = WakeSignal(loop)
      for _ in 0..<3 {
        let instant = MonotonicInstant.now() + .milliseconds(2)
        await signal.wait(until: instant)
        #expect(loop.now >= instant)
      }
      // An instant that did not come to be needed wakes nobody later.
      signal.notify()
      await signal.wait(until: .now() + .milliseconds(1))
      let later = Patience.short
      while loop.now < later { await signal.wait(until: later) }
    }
  }

  @Test func oneTaskWaitsAtATime() async {
    await #expect(processExitsWith: .failure) {
      try await onLoop { loop in
        let signal = WakeSignal(loop)
        async let first: Void = signal.wait(until: nil)
        async let second: Void = signal.wait(until: nil)
        _ = await (first, second)
      }
    }
  }
}
