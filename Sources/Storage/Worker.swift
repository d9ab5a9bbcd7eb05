import Foundation
import Synchronization

/// A thread that does one kind of blocking work, in order: whatever waits is handed over together.
final class Worker<Item: Sendable>: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: `items` and `isClosed` are touched under `condition` only.
  private let condition = NSCondition()
  private var items: [Item] = []
  private var isClosed = false
  private var isEnded = false
  private let itemsMax: Int
  private let batchMax: Int

  /// - Parameters:
  ///   - itemsMax: Items that may wait.
  ///   - batchMax: Items handed over at once.
  init(name: String, itemsMax: Int, batchMax: Int, work: @escaping @Sendable ([Item]) -> Void) {
    self.itemsMax = itemsMax
    self.batchMax = batchMax
    let thread = Thread { [self] in
      while let batch = nextBatch() { work(batch) }
      condition.withLock {
        isEnded = true
        condition.broadcast()
      }
    }
    thread.name = name
    thread.stackSize = 512 << 10
    thread.start()
  }

  /// - Throws: `overloaded` or `closed`; the item is not taken then.
  func submit(_ item: Item) throws(StorageError) {
    let refusal: StorageError? = condition.withLock {
      if isClosed { return .closed }
      if items.count >= itemsMax { return .overloaded }
      items.append(item)
      condition.signal()
      return nil
    }
    if let refusal { throw refusal }
  }

  /// Takes no more, and waits until what was taken is done.
  func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
      while !isEnded { condition.wait() }
    }
  }

  private func nextBatch() -> [Item]? {
    condition.withLock {
      while items.isEmpty {
        if isClosed { return nil }
        condition.wait()
      }
      let batch = Array(items.prefix(batchMax))
      items.removeFirst(batch.count)
      return batch
    }
  }
}
