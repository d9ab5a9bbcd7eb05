import Foundation
import Glibc
import RawSockets
@testable import Sockets
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
  // MARK: A task executor

  @Test func codeStaysOnTheLoopBehindEveryAwait() async throws {
    try await onLoop { loop in
      #expect(loop.isCurrent && EventLoop.current === loop)
      await Task.yield()
      #expect(loop.isCurrent)
      try await loop.sleep(until: .now() + .milliseconds(1))
      #expect(loop.isCurrent)
      let elsewhere = await Task.detached { EventLoop.current == nil }.value
      #expect(elsewhere && loop.isCurrent)
      await withCheckedContinuation { continuation in
        Task.detached { continuation.resume() }
      }
      #expect(loop.isCurrent)
      try await onThread { #expect(EventLoop.current == nil) }
      #expect(loop.isCurrent)
      async let child = loop.isCurrent
      #expect(await child)
      await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<3 { group.addTask { loop.isCurrent } }
        for await isCurrent in group { #expect(isCurrent) }
      }
      #expect(loop.isCurrent)
    }
    #expect(EventLoop.current == nil)
  }

  @Test func oneLoopIsNotAnother() async throws {
    let other = try EventLoop(name: "other")
    defer { other.stop() }
    try await onLoop { loop in
      #expect(!other.isCurrent)
      let (isOther, isOurs) = await other.run { (other.isCurrent, loop.isCurrent) }
      #expect(isOther && !isOurs)
      #expect(loop.isCurrent)
    }
  }

  @Test func theThreadHasTheLoopsName() async throws {
    let loop = try EventLoop(name: "a-name-of-more-than-15")
    defer { loop.stop() }
    let name = await loop.run {
      try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
    }
    #expect(name == "a-name-of-more-\n")
  }

  @Test func runPassesOnWhatItsBodyDoes() async throws {
    struct Refused: Error {}
    enum Local { @TaskLocal static var value = 0 }
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    #expect(await loop.run { 7 } == 7)
    await #expect(throws: Refused.self) { try await loop.run { throw Refused() } }
    await Local.$value.withValue(5) {
      #expect(await loop.run { Local.value } == 5)
    }
    let begun = Gate()
    let task = Task {
      await loop.run {
        begun.open()
        try? await loop.sleep(until: .distantFuture)
        return Task.isCancelled
      }
    }
    await begun.passed()
    task.cancel()
    #expect(await task.value)
  }

  @Test func jobsFromOtherThreadsWakeIt() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let sum = Locked(0)
    await withTaskGroup(of: Void.self) { group in
      for number in 1...2_000 {
        group.addTask {
          await loop.run {
            #expect(loop.isCurrent)
            sum.update { $0 += number }
          }
        }
      }
    }
    #expect(sum.value == 2_001_000)
  }

  @Test func actionsComeInOrder() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let order = Locked<[Int]>([])
    let done = Gate()
    try await onThread {
      for index in 0..<500 {
        loop.execute {
          order.update { $0.append(loop.isCurrent ? index : -1) }
          if index == 499 { done.open() }
        }
      }
    }
    await done.passed()
    #expect(order.value == Array(0..<500))
  }

  @Test func jobsRunInTheOrderInWhichTheyCame() async throws {
    let order = try await onLoop { loop in
      let order = Confined(Log())
      // More than the queue's first memory holds, and from a place that is not its front.
      for _ in 0..<100 { await Task.yield() }
      let tasks = (0..<1_000).map { index in
        Task(executorPreference: loop) { order.value.append(index) }
      }
      for task in tasks { await task.value }
      return order.value.entries
    }
    #expect(order == Array(0..<1_000))
  }

  @Test func tasksTakeTurns() async throws {
    let order = try await onLoop { loop in
      let order = Confined(Log())
      let tasks = (0..<2).map { name in
        Task(executorPreference: loop) {
          for _ in 0..<5 {
            order.value.append(name)
            await Task.yield()
          }
        }
      }
      for task in tasks { await task.value }
      return order.value.entries
    }
    #expect(order == [0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
  }

  /// A task that always has something to do does not keep sockets, timers and other threads' work
  /// from the loop.
  @Test func nobodyStarvesTheLoop() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      let stream = Confined(connection.stream)
      let events = Locked(0)
      let readable = Task(executorPreference: loop) {
        let read = try await stream.value.read(1)
        #expect(read == [1])
        events.update { $0 += 1 }
      }
      let slept = Task(executorPreference: loop) {
        try await loop.sleep(until: .now() + .milliseconds(1))
        events.update { $0 += 1 }
      }
      try connection.peer.send([1])
      Task.detached { loop.execute { events.update { $0 += 1 } } }
      while events.value < 3 { await Task.yield() }
      try await readable.value
      try await slept.value
    }
  }

  // MARK: Interruptions and the end

  @Test func signalsDoNotDisturbIt() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    // Without SA_RESTART, so that every call of the loop's thread is interrupted.
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in }
    sigaction(SIGURG, &action, nil)
    let thread = await loop.run { Confined(pthread_self()) }
    let waiting = Task { try await loop.run { try await loop.sleep(until: .now() + .milliseconds(50)) } }
    for _ in 0..<200 {
      pthread_kill(thread.value, SIGURG)
      #expect(await loop.run { loop.isCurrent })
    }
    try await waiting.value
  }

  @Test func itsDescriptorsAreGoneWithIt() async throws {
    await #expect(processExitsWith: .success) {
      // What the runtime opens for itself is open then.
      try await onLoop { _ in }
      let before = Descriptors.count
      for _ in 0..<20 { #expect(try await onLoop { $0.isCurrent }) }
      #expect(Descriptors.settle(0) { max(0, Descriptors.count - before) } == 0)
    }
  }

  /// What is under way when the loop is told to stop is done first, however often it takes turns.
  @Test func workAtHandIsDoneBeforeTheEnd() async throws {
    let loop = try EventLoop(name: "test")
    let done = Gate()
    Task(executorPreference: loop) {
      loop.stop()
      for _ in 0..<10 { await Task.yield() }
      done.open()
    }
    await done.passed()
  }

  @Test func stoppedTwiceIsStoppedOnce() async throws {
    let loop = try EventLoop(name: "test")
    let other = try EventLoop(name: "other")
    await other.run { loop.stop() }
    loop.stop()
    await other.run { other.stop() }
    other.stop()
  }

  /// A thread that is neither awaited nor let go keeps its stack for ever, 8 MiB of addresses.
  @Test func aLoopThatStopsItselfLeavesNoStackBehind() async throws {
    func addressedMegabytes() throws -> Int {
      let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        .split(separator: " ").first.flatMap { Int($0) }
      return try #require(pages) * sysconf(Int32(_SC_PAGESIZE)) >> 20
    }
    let before = try addressedMegabytes()
    for _ in 0..<300 {
      let loop = try EventLoop(name: "test")
      await loop.run { loop.stop() }
    }
    // 2,400 would be left; other tests take some at the same time.
    #expect(try addressedMegabytes() < before + 1_200)
  }

  @Test func aTaskThatComesTooLateStillEnds() async throws {
    let loop = try EventLoop(name: "test")
    loop.stop()
    #expect(await Task(executorPreference: loop) { 3 }.value == 3)
    loop.execute { Issue.record("dropped work ran") }
  }

  @Test func whatBelongsToALoopStopsElsewhere() async {
    await #expect(processExitsWith: .failure) {
      let loop = try EventLoop(name: "test")
      let address = try #require(SocketAddress(numeric: "127.0.0.1", port: 0))
      _ = try TCPListener(try BoundSocket(address, isShared: false), loop: loop)
    }
    await #expect(processExitsWith: .failure) {
      let loop = try EventLoop(name: "test")
      try await loop.sleep(until: .now())
    }
  }

  /// What happened, in order; used on one loop.
  private final class Log {
    private(set) var entries: [Int] = []
    func append(_ entry: Int) { entries.append(entry) }
  }
}
