import Bytes
import Testing

@Suite struct ByteQueueTests {
  private static func queue(_ bytes: [UInt8], capacity: Int = 16) -> ByteQueue {
    var queue = ByteQueue(capacity: capacity)
    queue.append(bytes)
    return queue
  }

  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
  }

  @Test func beginsEmpty() {
    let queue = ByteQueue()
    #expect(queue.isEmpty && queue.isEmpty == (queue.array() == []))
    let (count, capacity) = (queue.count, queue.capacity)
    #expect(count == 0 && capacity == 256)
    let least = ByteQueue(capacity: 0).capacity
    #expect(least == 16)
  }

  @Test func everyKindOfBytesIsAppended() {
    var queue = ByteQueue(capacity: 16)
    queue.append(1)
    queue.append([2, 3])
    queue.append([9, 4, 5, 9][1...2])
    queue.append([6, 7].span)
    queue.append("static" as StaticString)
    queue.append("grün €" as String)
    queue.append("<sub>".dropFirst().dropLast())
    [UInt8]([8, 9]).withUnsafeBytes { queue.append($0) }
    queue.append(UnsafeRawBufferPointer(start: nil, count: 0))
    queue.append(Self.queue([10, 11]))
    let expected: [UInt8] =
      [1, 2, 3, 4, 5, 6, 7] + Array("staticgrün €sub".utf8) + [8, 9, 10, 11]
    #expect(queue.array() == expected)
  }

  @Test func theFrontIsConsumedAndTheEndTruncated() {
    var queue = Self.queue([1, 2, 3, 4, 5])
    queue.consume(0)
    queue.consume(2)
    #expect(queue.array() == [3, 4, 5])
    let (first, last) = (queue[0], queue[2])
    #expect(first == 3 && last == 5)
    #expect(queue.array(1..<3) == [4, 5] && queue.array(3..<3) == [])
    queue.truncate(to: 1)
    #expect(queue.array() == [3])
    queue.append(6)
    #expect(queue.array() == [3, 6])
    queue.truncate(to: 2)
    queue.consume(2)
    let isEmpty = queue.isEmpty
    #expect(isEmpty)
    queue.append([7, 8])
    queue.removeAll()
    #expect(queue.array() == [])
  }

  @Test func memoryIsReusedBeforeItGrows() {
    var queue = Self.queue(Self.bytes(16))
    // All 16 bytes are taken: half of them makes room for as many.
    queue.consume(8)
    queue.append(Self.bytes(8))
    let kept = queue.capacity
    #expect(kept == 16)
    #expect(queue.array() == Self.bytes(16)[8...] + Self.bytes(8))
    queue.append(1)
    let doubled = queue.capacity
    #expect(doubled == 32)
    #expect(queue.array() == Self.bytes(16)[8...] + Self.bytes(8) + [1])
    queue.append(Self.bytes(1000))
    let grown = queue.capacity
    #expect(grown == 1024)
    #expect(queue.array(17..<1017) == Self.bytes(1000))
  }

  /// Fewer consumed than readable: moving would cost more than it gains, so memory grows.
  @Test func aSmallGapIsNotWorthMoving() {
    var queue = Self.queue(Self.bytes(16))
    queue.consume(7)
    queue.append(Self.bytes(7))
    let capacity = queue.capacity
    #expect(capacity == 32)
    #expect(queue.array() == Self.bytes(16)[7...] + Self.bytes(7))
  }

  @Test func writingIntoFreeMemory() {
    var queue = Self.queue([1])
    let returned = queue.write(atLeast: 100) { memory in
      #expect(memory.count >= 100)
      memory[0] = 2
      memory[1] = 3
      return 2
    }
    #expect(returned == 2)
    #expect(queue.array() == [1, 2, 3])
    struct Refused: Error {}
    #expect(throws: Refused.self) {
      try queue.write(atLeast: 1) { memory in
        memory[0] = 9
        throw Refused()
      }
    }
    #expect(queue.array() == [1, 2, 3])
  }

  @Test func aGapIsFilledLater() {
    for index in 0...3 {
      var queue = Self.queue([0, 1, 2, 3])
      queue.consume(1)
      queue.insertGap(2, at: index)
      queue.set(8, at: index)
      queue.set(9, at: index + 1)
      var expected: [UInt8] = [1, 2, 3]
      expected.insert(contentsOf: [8, 9], at: index)
      #expect(queue.array() == expected)
    }
    var large = Self.queue(Self.bytes(100))
    large.insertGap(500, at: 50)
    #expect(large.array(0..<50) == Array(Self.bytes(100)[..<50]))
    #expect(large.array(550..<600) == Array(Self.bytes(100)[50...]))
  }

  @Test func memoryIsGivenBackOnlyWhenNothingIsQueued() {
    var queue = Self.queue(Self.bytes(1000))
    let before = queue.capacity
    queue.shrink(to: 100)
    let held = queue.capacity
    #expect(held == before)
    queue.consume(1000)
    queue.shrink(to: before)
    let unchanged = queue.capacity
    #expect(unchanged == before)
    queue.shrink(to: 100)
    let after = queue.capacity
    #expect(after == 100)
    queue.append(Self.bytes(200))
    #expect(queue.array() == Self.bytes(200))
    queue.removeAll()
    queue.shrink(to: 0)
    let least = queue.capacity
    #expect(least == 16)
  }

  @Test func borrowedBytesAreTheReadableOnes() {
    var queue = Self.queue([1, 2, 3])
    queue.consume(1)
    let viaSpan = queue.withBytes { span in (0..<span.count).map { span[$0] } }
    let viaMemory = queue.withUnsafeBytes { Array($0) }
    #expect(viaSpan == [2, 3] && viaMemory == [2, 3])
  }

  @Test func accessOutsideTheReadableBytesStops() async {
    await #expect(processExitsWith: .failure) { _ = ByteQueueTests.queue([1])[1] }
    await #expect(processExitsWith: .failure) { _ = ByteQueueTests.queue([1])[-1] }
    await #expect(processExitsWith: .failure) {
      var queue = ByteQueueTests.queue([1])
      queue.consume(2)
    }
    await #expect(processExitsWith: .failure) {
      var queue = ByteQueueTests.queue([1, 2])
      queue.consume(1)
      queue.truncate(to: 2)
    }
    await #expect(processExitsWith: .failure) {
      var queue = ByteQueueTests.queue([1])
      queue.set(0, at: 1)
    }
    await #expect(processExitsWith: .failure) { _ = ByteQueueTests.queue([1]).array(0..<2) }
    await #expect(processExitsWith: .failure) {
      var queue = ByteQueueTests.queue([1])
      queue.insertGap(1, at: 2)
    }
    await #expect(processExitsWith: .failure) {
      var queue = ByteQueueTests.queue([1])
      queue.write(atLeast: 1) { $0.count + 1 }
    }
  }

  /// Whatever is done to a queue, it holds what an array would.
  @Test(arguments: 0..<20)
  func itBehavesLikeAnArray(seed: UInt64) {
    var random = SplitMix(seed)
    var queue = ByteQueue(capacity: 16)
    var model: [UInt8] = []
    for _ in 0..<500 {
      let count = Int.random(in: 0...40, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1:
        let bytes = Self.bytes(count)
        queue.append(bytes)
        model += bytes
      case 2:
        queue.consume(min(count, model.count))
        model.removeFirst(min(count, model.count))
      case 3:
        let kept = max(0, model.count - count)
        queue.truncate(to: kept)
        model.removeSubrange(kept...)
      case 4:
        let index = Int.random(in: 0...model.count, using: &random)
        queue.insertGap(count, at: index)
        for offset in 0..<count { queue.set(UInt8(offset), at: index + offset) }
        model.insert(contentsOf: (0..<count).map { UInt8($0) }, at: index)
      default: queue.shrink(to: count)
      }
      let (length, capacity) = (queue.count, queue.capacity)
      #expect(length == model.count && capacity >= model.count)
    }
    #expect(queue.array() == model)
  }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
