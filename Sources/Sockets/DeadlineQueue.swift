/// What is due at an instant: the earliest first. A binary heap whose entries know their place, so
/// that one can be moved or removed in O(log n) without a search.
struct DeadlineQueue {
  /// One thing that becomes due. It belongs to one queue and one thread.
  final class Entry {
    fileprivate(set) var instant = MonotonicInstant.distantFuture
    fileprivate var index = -1
    /// Called when the instant has come; the entry has left the queue by then.
    let action: (MonotonicInstant) -> Void

    init(action: @escaping (MonotonicInstant) -> Void) { self.action = action }

    var isQueued: Bool { index >= 0 }
  }

  private var heap: [Entry] = []

  var count: Int { heap.count }

  /// The earliest instant queued.
  var next: MonotonicInstant? { heap.first?.instant }

  /// Queues `entry`, or moves it when it is queued already. O(log n).
  mutating func schedule(_ entry: Entry, at instant: MonotonicInstant) {
    entry.instant = instant
    if entry.index < 0 {
      entry.index = heap.count
      heap.append(entry)
    }
    restoreOrder(around: entry.index)
  }

  /// Takes `entry` out, if it is in. O(log n).
  mutating func remove(_ entry: Entry) {
    let hole = entry.index
    guard hole >= 0 else { return }
    entry.index = -1
    let last = heap.removeLast()
    guard last !== entry else { return }
    place(last, at: hole)
    restoreOrder(around: hole)
  }

  /// Takes out the earliest entry if it is due.
  mutating func popDue(at now: MonotonicInstant) -> Entry? {
    guard let first = heap.first, first.instant <= now else { return nil }
    remove(first)
    return first
  }

  private mutating func restoreOrder(around start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].instant < heap[parent].instant else { break }
      exchange(index, parent)
      index = parent
    }
    while true {
      var smallest = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].instant < heap[smallest].instant {
        smallest = child
      }
      guard smallest != index else { return }
      exchange(index, smallest)
      index = smallest
    }
  }

  private mutating func exchange(_ left: Int, _ right: Int) {
    let entry = heap[left]
    place(heap[right], at: left)
    place(entry, at: right)
  }

  private mutating func place(_ entry: Entry, at index: Int) {
    heap[index] = entry
    entry.index = index
  }
}
