package import Sockets

/// The requests of a spooling exporter that are not on disk, in order, and which of them belong
/// there: all, when it is urgent; else those that wait for too long, or are too much. Pure.
package struct SpoolMemory: Sendable {
  package struct Item: Sendable, Equatable {
    let body: [UInt8]
    let recordCount: Int
    let taken: MonotonicInstant

    package init(body: [UInt8], recordCount: Int, taken: MonotonicInstant) {
      self.body = body
      self.recordCount = recordCount
      self.taken = taken
    }
  }

  package enum Step: Sendable, Equatable {
    /// Write this one, which is not part of the memory any more.
    case store(Item)
    /// Nothing is to be written until an instant.
    case wait(until: MonotonicInstant?)
  }

  private let bytesMax: Int
  private let delay: Duration
  private var items: [Item] = []
  private var bytes = 0
  /// The disk refused; until then it is left alone, unless there is no more room.
  private var notBefore: MonotonicInstant?

  /// - Parameters:
  ///   - bytesMax: More goes to disk.
  ///   - delay: What is here for longer goes to disk.
  package init(bytesMax: Int, delay: Duration) {
    self.bytesMax = bytesMax
    self.delay = delay
  }

  package var count: Int { items.count }

  /// Whether there is so much that nobody should add more.
  package var isOverfull: Bool { bytes - bytesMax > bytesMax && items.count > 1 }

  package mutating func add(_ item: Item) {
    items.append(item)
    bytes += item.body.count
  }

  /// Takes the one that is here for the longest.
  package mutating func takeFirst() -> Item? {
    guard let first = items.first else { return nil }
    items.removeFirst()
    bytes -= first.body.count
    return first
  }

  /// Puts one that was taken back to the front.
  package mutating func putBack(_ item: Item) {
    items.insert(item, at: 0)
    bytes += item.body.count
  }

  /// - Parameter isUrgent: Whether everything belongs on disk.
  package mutating func next(isUrgent: Bool, now: MonotonicInstant) -> Step {
    guard let first = items.first else { return .wait(until: nil) }
    let isTooMuch = bytes > bytesMax
    if let notBefore, now < notBefore, !isTooMuch { return .wait(until: notBefore) }
    let due = first.taken + delay
    guard isUrgent || isTooMuch || now >= due, let item = takeFirst() else {
      return .wait(until: due)
    }
    return .store(item)
  }

  /// Asks the disk again now, though it refused.
  package mutating func hurry() { notBefore = nil }

  /// The disk did not take `item`.
  /// - Parameter retry: When to ask it again.
  /// - Returns: Whether there was room to keep the item.
  package mutating func refused(_ item: Item, retry: MonotonicInstant) -> Bool {
    notBefore = retry
    guard bytes + item.body.count <= bytesMax else { return false }
    putBack(item)
    return true
  }
}
