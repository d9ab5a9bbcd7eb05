package import Storage

/// What a look at the pending orders came to.
package struct Settlement: Hashable, Sendable {
  package var confirmedCount = 0
  package var rejectedCount = 0
  /// Still without an answer.
  package var undecidedCount = 0
  /// Why the last of them could not be decided, when that was the store's fault.
  package var failure: StorageError?
  /// Where the next look goes on; 0 is the beginning.
  package var next: Int64 = 0
  /// Whether it ended early, because the inventory does not answer.
  package var isInterrupted = false

  package init() {}
}
