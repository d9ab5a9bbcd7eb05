/// A first-in-first-out ring of executor jobs, for one thread.
struct JobQueue: ~Copyable {
  private var ring: UnsafeMutablePointer<UnownedJob>
  /// A power of two.
  private var capacity: Int
  private var head = 0
  private(set) var count = 0

  init() {
    capacity = 256
    ring = .allocate(capacity: capacity)
  }

  deinit {
    // `UnownedJob` is trivial: there is nothing to deinitialise.
    ring.deallocate()
  }

  mutating func append(_ job: UnownedJob) {
    if count == capacity { grow() }
    (ring + ((head &+ count) & (capacity - 1))).initialize(to: job)
    count += 1
  }

  mutating func popFirst() -> UnownedJob? {
    guard count > 0 else { return nil }
    let job = ring[head]
    head = (head &+ 1) & (capacity - 1)
    count -= 1
    return job
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<UnownedJob>.allocate(capacity: capacity * 2)
    for index in 0..<count {
      (larger + index).initialize(to: ring[(head &+ index) & (capacity - 1)])
    }
    ring.deallocate()
    ring = larger
    capacity *= 2
    head = 0
  }
}
