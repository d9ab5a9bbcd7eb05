/// Changes inputs at random, the same way for the same seed.
struct Mutator {
  private var generator: SeededGenerator
  private let seeds: [[UInt8]]

  /// Bytes at which parsers decide.
  private static let interesting = Array("\0\t\r\n \"#%&'+,-./019:;=?@AZ[\\]afxz{}~\u{7F}".utf8)
    + [0x80, 0xC3, 0xE2, 0xFF]

  /// - Precondition: There is at least one seed.
  init(seeds: [[UInt8]], seed: UInt64) {
    self.seeds = seeds
    generator = SeededGenerator(seed: seed)
  }

  /// One of the seeds, changed one to eight times.
  mutating func next() -> [UInt8] {
    var bytes = seeds[generator.below(seeds.count)]
    for _ in 0...generator.below(8) { change(&bytes) }
    return Array(bytes.prefix(4_096))
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let position = generator.below(bytes.count + 1)
    switch generator.below(7) {
    case 0 where position < bytes.count: bytes[position] ^= 1 << UInt8(generator.below(8))
    case 1 where position < bytes.count: bytes[position] = interestingByte()
    case 2: bytes.insert(interestingByte(), at: position)
    case 3: bytes.removeSubrange(range(from: position, in: bytes))
    case 4:
      let part = bytes[range(from: position, in: bytes)]
      bytes.insert(contentsOf: part, at: generator.below(bytes.count + 1))
    case 5:
      let other = seeds[generator.below(seeds.count)]
      let part = other[range(from: generator.below(other.count + 1), in: other)]
      bytes.insert(contentsOf: part, at: position)
    default: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: position)
    }
  }

  private mutating func interestingByte() -> UInt8 {
    Self.interesting[generator.below(Self.interesting.count)]
  }

  /// From `start`, often short, rarely to the end.
  private mutating func range(from start: Int, in bytes: [UInt8]) -> Range<Int> {
    let longest = bytes.count - start
    guard longest > 0 else { return start..<start }
    let length = generator.below(4) == 0 ? longest : min(longest, 8)
    return start..<(start + generator.below(length) + 1)
  }
}
