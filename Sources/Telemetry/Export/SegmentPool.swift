import Bytes
import Synchronization

/// Keeps the memory of segments that were sent for those to come.
final class SegmentPool: Sendable {
  /// Bytes of memory that are kept in all.
  static let keptBytesMax = 2 << 20

  private struct State {
    var segments: [RecordSegment] = []
    var bytes = 0
  }

  private let state = Mutex(State())

  func take(scope: Int) -> RecordSegment {
    let kept = state.withLock { state -> RecordSegment? in
      guard let segment = state.segments.popLast() else { return nil }
      state.bytes -= segment.bytes.capacity
      return segment
    }
    guard let kept else { return RecordSegment(scope: scope) }
    kept.reuse(scope: scope)
    return kept
  }

  func give(back segment: RecordSegment) {
    state.withLock { state in
      let capacity = segment.bytes.capacity
      guard state.bytes + capacity <= Self.keptBytesMax else { return }
      state.bytes += capacity
      state.segments.append(segment)
    }
  }
}
