import Foundation
import Testing

/// The bounded version of fuzzing, which needs no special toolchain: the same checks, on the
/// committed inputs and some thousands of changes to them.
@Suite(.serialized) struct FuzzTests {
  private static let mutationCount = 3_000

  @Test(.timeLimit(.minutes(5)), arguments: FuzzTarget.all)
  func committedInputs(_ target: FuzzTarget) async throws {
    let inputs = try Corpus.inputs(of: target)
    #expect(!inputs.isEmpty)
    for (name, bytes) in inputs {
      #expect(throws: Never.self, "\(target.name)/\(name)") { try target.check(bytes) }
      await Task.yield()
    }
  }

  @Test(.timeLimit(.minutes(5)), arguments: FuzzTarget.all)
  func mutations(_ target: FuzzTarget) async throws {
    var mutator = Mutator(seeds: try Corpus.inputs(of: target).map(\.bytes), seed: 1)
    for index in 0..<Self.mutationCount {
      // Tests share few threads; those with a deadline go first.
      if index.isMultiple(of: 8) { await Task.yield() }
      let bytes = mutator.next()
      do throws(BrokenInvariant) {
        try target.check(bytes)
      } catch {
        Issue.record("mutation \(index), \(Data(bytes).base64EncodedString()): \(error)")
        return
      }
    }
  }

  @Test func theShortestInputs() async throws {
    for target in FuzzTarget.all {
      await Task.yield()
      try target.check([])
      for byte in UInt8.min ... .max { try target.check([byte]) }
    }
  }

  @Test func everyTargetHasItsFolderAndItsLineInTheDocumentation() throws {
    let names = FuzzTarget.all.map(\.name)
    #expect(try Corpus.names() == names.sorted())
    let page = Corpus.folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/fuzzing.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    for name in names { #expect(text.contains("| `\(name)` |"), "\(name) is not documented") }
  }

  @Test func mutationsAreTheSameForTheSameSeedAndDifferAmongThemselves() {
    func inputs(seed: UInt64) -> [[UInt8]] {
      var mutator = Mutator(seeds: [Array("GET / HTTP/1.1".utf8), []], seed: seed)
      return (0..<100).map { _ in mutator.next() }
    }
    #expect(inputs(seed: 1) == inputs(seed: 1))
    #expect(inputs(seed: 1) != inputs(seed: 2))
    #expect(Set(inputs(seed: 1)).count > 90)
  }

  @Test func aBrokenInvariantIsTold() {
    #expect(throws: BrokenInvariant.self) { try require(false, "no") }
    #expect(throws: BrokenInvariant.self) { try requireEqual(1, 2, "number") }
    #expect(throws: Never.self) { try requireEqual(1, 1, "number") }
  }

  @Test func cutsAreTheWhole() {
    let bytes = Array("the whole of it".utf8)
    for size in 1...20 {
      var generator = SeededGenerator(seed: UInt64(size))
      let cuts = Cut.some(bytes, &generator)
      #expect(cuts.allSatisfy { $0.flatMap(\.self) == bytes })
      #expect(cuts[0].count == bytes.count)
      let pieces = Cut.pieces(bytes, upTo: size, &generator)
      #expect(pieces.allSatisfy { (1...size).contains($0.count) })
    }
  }
}
