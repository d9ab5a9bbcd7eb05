import Glibc
import RawSockets
@testable import Sockets
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct NameResolverTests {
  private static func resolve(
    _ resolver: NameResolver, _ host: String, on loop: EventLoop,
    deadline: MonotonicInstant = Patience.long
  ) async -> Result<[SocketAddress], ResolutionError> {
    do throws(ResolutionError) {
      return .success(
        try await resolver.resolve(host: host, port: 80, on: loop, deadline: deadline))
    } catch {
      return .failure(error)
    }
  }

  private static let local = SocketAddress(numeric: "127.0.0.1", port: 80)

  /// Answers when it is told to, off any loop; and counts.
  private final class Slow: Sendable {
    let gate = Gate()
    private let counts = Mutex((now: 0, most: 0, all: 0))

    var most: Int { counts.withLock { $0.most } }
    var all: Int { counts.withLock { $0.all } }
    var now: Int { counts.withLock { $0.now } }

    func resolver(threadsMax: Int = 4, requestsMax: Int = 1024) -> NameResolver {
      NameResolver(threadsMax: threadsMax, requestsMax: requestsMax) {
        (host, port) throws(ResolutionError) in
        #expect(EventLoop.current == nil)
        self.counts.withLock {
          $0.now += 1
          $0.all += 1
          $0.most = max($0.most, $0.now)
        }
        let isOpen = self.gate.block()
        self.counts.withLock { $0.now -= 1 }
        guard isOpen, let address = NameResolverTests.local else {
          throw ResolutionError(host: host, reason: .system(EAI_FAIL))
        }
        return [address.with(port: port)]
      }
    }
  }

  @Test(arguments: ["127.0.0.1", "::1", "[::1]"])
  func numericAddressesNeedNoLookUp(_ host: String) async throws {
    try await onLoop { loop in
      let resolver = NameResolver { (host, _) throws(ResolutionError) in
        throw ResolutionError(host: host, reason: .system(EAI_FAIL))
      }
      let expected = try #require(SocketAddress(numeric: host, port: 80))
      #expect(await Self.resolve(resolver, host, on: loop) == .success([expected]))
      #expect(try NameResolver.resolveBlocking(host: host, port: 80) == [expected])
    }
  }

  @Test func localhostIsThisMachine() async throws {
    try await onLoop { loop in
      let addresses = try await Self.resolve(.shared, "localhost", on: loop).get()
      let expected = ["127.0.0.1", "::1"].compactMap { SocketAddress(numeric: $0, port: 80) }
      #expect(!addresses.isEmpty && addresses.allSatisfy { expected.contains($0) })
      #expect(Set(addresses).count == addresses.count)
      #expect(try NameResolver.resolveBlocking(host: "localhost", port: 80) == addresses)
    }
  }

  /// No name is longer than 253 bytes: the system knows without asking anybody.
  @Test func aNameThatDoesNotExistIsAnError() async throws {
    let name = String(repeating: "a", count: 300)
    try await onLoop { loop in
      guard case .failure(let error) = await Self.resolve(.shared, name, on: loop) else {
        Issue.record("there is no such name")
        return
      }
      guard case .system(let code) = error.reason else {
        Issue.record("\(error)")
        return
      }
      #expect(code != 0 && error.host == name)
      #expect(error.description == "cannot resolve \(name): \(String(cString: gai_strerror(code)))")
      #expect(throws: ResolutionError.self) {
        try NameResolver.resolveBlocking(host: name, port: 80)
      }
    }
  }

  @Test func lookingUpDoesNotBlockTheLoop() async throws {
    try await onLoop { loop in
      let slow = Slow()
      let resolver = slow.resolver()
      async let result = Self.resolve(resolver, "slow.test", on: loop)
      // Only the loop opens the gate: if it were blocked, nobody would.
      while slow.now == 0 { try await loop.sleep(until: .now() + .milliseconds(1)) }
      slow.gate.open()
      #expect(try await result.get().map(\.host) == ["127.0.0.1"])
      #expect(loop.isCurrent)
    }
  }

  @Test func aDeadlineAndACancellationEndTheWait() async throws {
    try await onLoop { loop in
      let slow = Slow()
      let resolver = slow.resolver()
      let late = await Self.resolve(resolver, "slow.test", on: loop, deadline: Patience.short)
      #expect(late == .failure(ResolutionError(host: "slow.test", reason: .timedOut)))
      let task = Task(executorPreference: loop) {
        await Self.resolve(resolver, "slow.test", on: loop, deadline: .distantFuture)
      }
      await Task.yield()
      task.cancel()
      guard case .failure = await task.value else {
        Issue.record("it was cancelled")
        return
      }
      slow.gate.open()
      // The threads are free again, and what they found late went nowhere.
      let answer = try await Self.resolve(resolver, "slow.test", on: loop).get()
      #expect(answer.map(\.host) == ["127.0.0.1"])
      #expect(slow.all == 3)
    }
  }

  @Test func threadsAndRequestsAreBounded() async throws {
    try await onLoop { loop in
      let slow = Slow()
      let resolver = slow.resolver(threadsMax: 2, requestsMax: 3)
      func start(_ indices: Range<Int>) -> [Task<Result<[SocketAddress], ResolutionError>, Never>] {
        indices.map { index in
          Task(executorPreference: loop) {
            await Self.resolve(resolver, "slow\(index).test", on: loop)
          }
        }
      }
      // Two are taken by the threads, three wait, one is too many.
      let taken = start(0..<2)
      while slow.now < 2 { try await loop.sleep(until: .now() + .milliseconds(1)) }
      let results = taken + start(2..<6)
      let refused = ResolutionError(host: "slow5.test", reason: .overloaded)
      #expect(await results[5].value == .failure(refused))
      slow.gate.open()
      for task in results.dropLast() { #expect(try await task.value.get().count == 1) }
      #expect(slow.most == 2 && slow.all == 5)
      // Its threads have ended for want of work; another request starts one.
      for _ in 0..<3 {
        #expect(try await Self.resolve(resolver, "again.test", on: loop).get().count == 1)
      }
    }
  }

  @Test func errorsAreDescribed() {
    let texts = [ResolutionError.Reason.timedOut, .overloaded].map {
      ResolutionError(host: "h", reason: $0).description
    }
    #expect(texts == ["cannot resolve h: timed out", "cannot resolve h: too many look-ups at once"])
  }
}
