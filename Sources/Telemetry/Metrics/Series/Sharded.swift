/// As many copies of a state as threads may need to stay out of each other's way, each on cache
/// lines of its own.
struct Sharded<State: ~Copyable & Sendable>: ~Copyable, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: the memory belongs to this value alone, which cannot be
  // copied, and `State` is Sendable.
  private let memory: UnsafeMutableRawPointer
  private let stride: Int
  let count: Int

  /// How many copies there are at most: a series has so many, and there may be many series.
  static var countMax: Int { 16 }

  init(_ make: () -> State) {
    count = min(ThreadSlot.shardCount, Self.countMax)
    stride = (MemoryLayout<State>.size + 63) & ~63
    memory = .allocate(byteCount: count * stride, alignment: 64)
    for index in 0..<count {
      (memory + index * stride).initializeMemory(as: State.self, to: make())
    }
  }

  deinit {
    for index in 0..<count { self[index].deinitialize(count: 1) }
    memory.deallocate()
  }

  /// The copy of the calling thread, which it may share with others.
  @inline(__always)
  var local: UnsafeMutablePointer<State> { self[ThreadSlot.current & (count &- 1)] }

  @inline(__always)
  subscript(index: Int) -> UnsafeMutablePointer<State> {
    (memory + index &* stride).assumingMemoryBound(to: State.self)
  }
}
