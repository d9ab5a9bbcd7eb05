import Synchronization

/// How much all files of a process's spool take together.
package final class SpoolBudget: Sendable {
  package let bytesMax: Int
  private let used = Atomic<Int>(0)

  package init(bytesMax: Int) { self.bytesMax = bytesMax }

  package var usedBytes: Int { used.load(ordering: .relaxed) }

  /// Takes room.
  /// - Returns: Whether there is as much; if not, none is taken.
  func reserve(_ bytes: Int) -> Bool {
    let before = used.wrappingAdd(bytes, ordering: .relaxed).oldValue
    guard before + bytes > bytesMax else { return true }
    release(bytes)
    return false
  }

  /// Takes what another process's files take already, whether or not there is as much.
  func charge(_ bytes: Int) { used.wrappingAdd(bytes, ordering: .relaxed) }

  func release(_ bytes: Int) { used.wrappingSubtract(bytes, ordering: .relaxed) }
}
