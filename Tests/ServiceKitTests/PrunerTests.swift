import Logging
import ServiceKit
import Storage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PrunerTests {
  /// Runs until `counts` have been deleted, and nothing is left of them.
  /// - Returns: The limits that were asked for.
  private func run(
    interval: Duration, pause: Duration, _ counts: [Result<Int, StorageError>]
  ) async -> [Int] {
    let limits = Log<Int>()
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    let pruner = Pruner(
      "things", interval: interval, pause: pause, batchMax: 5,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) { limit in
      limits.append(limit)
      let number = limits.values.count
      if number == counts.count { end.finish() }
      return try counts[min(number, counts.count) - 1].get()
    }
    let work = Task { await pruner.run() }
    for await _ in ends {}
    work.cancel()
    await work.value
    return limits.values
  }

  /// A full batch is followed by the next without a rest: the interval would take for ever.
  @Test func goesOnWhileThereIsMore() async {
    let counts: [Result<Int, StorageError>] = [.success(5), .success(5), .success(6), .success(4)]
    #expect(
      await run(interval: .seconds(3600), pause: .milliseconds(1), counts) == [5, 5, 5, 5])
  }

  /// The pause would take for ever.
  @Test func restsWhenNothingIsLeft() async {
    let counts: [Result<Int, StorageError>] = [.success(4), .success(0), .success(1), .success(0)]
    let limits = await run(interval: .milliseconds(1), pause: .seconds(3600), counts)
    #expect(limits.count >= 4)
  }

  @Test func anErrorIsNotTheEnd() async {
    let counts: [Result<Int, StorageError>] = [.failure(.full), .failure(.closed), .success(0)]
    let limits = await run(interval: .milliseconds(1), pause: .seconds(3600), counts)
    #expect(limits.count >= 3)
  }
}
