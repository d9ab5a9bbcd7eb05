/// Which segment files there are, in order, and what they hold: where the next request is written,
/// and which file is read next. It knows numbers only; the store does what it says.
package struct SpoolLedger: Sendable, Equatable {
  package struct Segment: Sendable, Equatable {
    /// The name's number; the files of one folder are read in its order.
    package let number: Int
    package fileprivate(set) var bytes: Int
    /// Requests and records that are not done; unknown of files that another process left.
    package fileprivate(set) var pendingRequests: Int
    package fileprivate(set) var pendingRecords: Int
    /// When the youngest of its requests was written.
    package fileprivate(set) var youngestUnixNanoseconds: UInt64
  }

  package enum Placement: Sendable, Equatable {
    /// Append to the segment with this number, which is open.
    case append(Int)
    /// Begin this segment; the one before it, if there is one, is complete.
    case begin(Int)
  }

  private let segmentBytes: Int
  package private(set) var segments: [Segment] = []
  /// Whether the last segment takes more.
  private var isLastOpen = false
  private var nextNumber = 1

  /// - Parameter segmentBytes: Behind which a new segment is begun; a larger request has one of its
  ///   own.
  package init(segmentBytes: Int) { self.segmentBytes = segmentBytes }

  package var pendingRequests: Int { segments.reduce(0) { $0 + $1.pendingRequests } }
  package var pendingRecords: Int { segments.reduce(0) { $0 + $1.pendingRecords } }
  package var bytes: Int { segments.reduce(0) { $0 + $1.bytes } }

  /// Where a frame of `bytes` bytes goes.
  package func placement(bytes: Int) -> Placement {
    guard isLastOpen, let last = segments.last, last.bytes + bytes <= segmentBytes else {
      return .begin(nextNumber)
    }
    return .append(last.number)
  }

  /// A segment was begun.
  package mutating func began(_ number: Int) {
    segments.append(
      Segment(
        number: number, bytes: 0, pendingRequests: 0, pendingRecords: 0,
        youngestUnixNanoseconds: 0))
    isLastOpen = true
    nextNumber = max(nextNumber, number + 1)
  }

  /// A frame was appended to the last segment.
  package mutating func appended(bytes: Int, records: Int, unixNanoseconds: UInt64) {
    let last = segments.count - 1
    segments[last].bytes += bytes
    segments[last].pendingRequests += 1
    segments[last].pendingRecords += records
    segments[last].youngestUnixNanoseconds = max(
      segments[last].youngestUnixNanoseconds, unixNanoseconds)
  }

  /// The last segment takes no more: it cannot be written, or is about to be read.
  package mutating func closeLast() { isLastOpen = false }

  /// The segment that is read next; it takes no more from now on.
  package mutating func takeFirst() -> Segment? {
    guard let first = segments.first else { return nil }
    if segments.count == 1 { closeLast() }
    return first
  }

  /// A frame of the first segment is done.
  package mutating func settledInFirst(records: Int) {
    segments[0].pendingRequests = max(0, segments[0].pendingRequests - 1)
    segments[0].pendingRecords = max(0, segments[0].pendingRecords - records)
  }

  /// The first segment holds fewer records than were written to it.
  package mutating func lostInFirst(records: Int) {
    segments[0].pendingRecords = max(0, segments[0].pendingRecords - records)
  }

  /// The file of the first segment is gone.
  /// - Returns: What it was.
  package mutating func removeFirst() -> Segment {
    if segments.count == 1 { closeLast() }
    return segments.removeFirst()
  }

  /// Whether all of the first segment is older than `unixNanoseconds`.
  package func isFirstOlder(than unixNanoseconds: UInt64) -> Bool {
    guard let first = segments.first else { return false }
    return first.pendingRequests > 0 && first.youngestUnixNanoseconds < unixNanoseconds
  }
}
