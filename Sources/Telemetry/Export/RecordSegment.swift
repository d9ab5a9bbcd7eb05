package import Bytes

/// Encoded records of one instrumentation scope, one after the other, each with its field key and
/// length, as the `Scope…` message holds them.
package final class RecordSegment: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: a segment has one owner at a time: the shard it is open in
  // (behind the shard's mutex), then the batch it is sealed in, then the pool.
  package fileprivate(set) var scope: Int
  package var bytes: ByteQueue
  package internal(set) var recordCount = 0

  package init(scope: Int, capacity: Int = 1_024) {
    self.scope = scope
    bytes = ByteQueue(capacity: capacity)
  }

  /// Empties the segment for records of another scope; the memory stays.
  func reuse(scope: Int) {
    self.scope = scope
    recordCount = 0
    bytes.removeAll()
  }
}
