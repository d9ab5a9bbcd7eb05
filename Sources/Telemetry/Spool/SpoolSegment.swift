/// What is in a segment file, whatever happened to it. It was written from the front to the back,
/// so an interruption leaves at most one torn frame, the last one; a failing disk may leave anything
/// anywhere.
package struct SpoolSegment: Sendable, Equatable {
  /// Frames that are intact and not done, in the order in which they were written.
  package private(set) var pending: [SpoolFrame] = []
  /// Records of frames whose header can be read and whose body is damaged or missing.
  package private(set) var damagedRecordCount = 0
  /// Bytes that belong to no frame that can be told.
  package private(set) var unreadableBytes = 0

  /// Reads the content of a file. Takes time in proportion to its size, whatever it holds.
  package init(scanning bytes: [UInt8]) {
    var offset = 0
    while offset < bytes.count {
      guard let frame = SpoolFrame(headerAt: offset, of: bytes) else {
        let next = Self.nextCandidate(behind: offset, in: bytes)
        unreadableBytes += next - offset
        offset = next
        continue
      }
      if !frame.isDone {
        if frame.isIntact(in: bytes) {
          pending.append(frame)
        } else {
          damagedRecordCount += frame.recordCount
        }
      }
      // The length is covered by the header's checksum, so it can be trusted.
      offset = frame.body.upperBound
    }
  }

  package var pendingRecordCount: Int { pending.reduce(0) { $0 + $1.recordCount } }

  /// Where the next header may begin.
  private static func nextCandidate(behind offset: Int, in bytes: [UInt8]) -> Int {
    var next = offset + 1
    while next < bytes.count {
      if bytes[next] == SpoolFrame.magic[0],
        bytes[next...].starts(with: SpoolFrame.magic)
      {
        return next
      }
      next += 1
    }
    return bytes.count
  }
}
