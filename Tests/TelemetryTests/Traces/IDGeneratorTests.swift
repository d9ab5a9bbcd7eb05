import Dispatch
import OTLP
import Synchronization
import Testing

@testable import Telemetry

@Suite("Ids")
struct IDGeneratorTests {
  private struct Zeroes: RandomNumberGenerator {
    mutating func next() -> UInt64 { 0 }
  }

  @Test("never zero, not even from a seed of zeroes")
  func neverZero() {
    var zeroes = Zeroes()
    let ids = RandomIDGenerator(seededBy: &zeroes)
    for _ in 0..<1_000 {
      #expect(ids.makeTraceID().low != 0)
      #expect(ids.makeSpanID().isValid)
    }
  }

  @Test("a seed makes the same ids again, and another seed makes others")
  func seeds() {
    func ids(_ seed: UInt64) -> [TraceID] {
      var numbers = CountingNumbers(value: seed)
      let generator = RandomIDGenerator(seededBy: &numbers)
      return (0..<5).map { _ in generator.makeTraceID() }
    }
    #expect(ids(1) == ids(1))
    #expect(Set(ids(1)).isDisjoint(with: ids(1_000)))
  }

  @Test("threads never get the same id")
  func threads() {
    let generator = RandomIDGenerator()
    let all = Mutex<Set<SpanID>>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let own = Set((0..<5_000).map { _ in generator.makeSpanID() })
      all.withLock { $0.formUnion(own) }
    }
    #expect(all.withLock { $0.count } == 40_000)
  }

  @Test("all bits vary")
  func bits() {
    let generator = RandomIDGenerator()
    var (ones, zeroes): (UInt64, UInt64) = (0, 0)
    for _ in 0..<200 {
      let id = generator.makeTraceID()
      ones |= id.low & id.high
      zeroes |= ~id.low & ~id.high
    }
    #expect(ones == .max && zeroes == .max)
  }
}
