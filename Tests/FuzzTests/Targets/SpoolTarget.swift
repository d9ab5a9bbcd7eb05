import Bytes
import Telemetry

/// What a file holds that a process left which may have died at any point of writing it.
enum SpoolTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let segment = SpoolSegment(scanning: bytes)
    var end = 0
    for frame in segment.pending {
      try require(frame.body.lowerBound - SpoolFrame.headerBytes >= end, "frames overlap")
      try require(frame.body.upperBound <= bytes.count, "a frame behind the end")
      end = frame.body.upperBound
    }
    let kept = segment.pending.reduce(0) { $0 + $1.body.count + SpoolFrame.headerBytes }
    try require(kept + segment.unreadableBytes <= bytes.count, "more bytes than there are")
    try require(segment.damagedRecordCount >= 0, "negative count")
    try checkWrittenAgain(segment, bytes)
    try checkBehindAnother(segment, bytes)
  }

  /// What was read is written and read again.
  private static func checkWrittenAgain(
    _ segment: SpoolSegment, _ bytes: [UInt8]
  ) throws(BrokenInvariant) {
    var again = ByteQueue()
    for frame in segment.pending {
      SpoolFrame.append(
        Array(bytes[frame.body]), recordCount: frame.recordCount,
        unixNanoseconds: frame.unixNanoseconds, to: &again)
    }
    let read = SpoolSegment(scanning: again.array())
    try requireEqual(read.pending.map(\.recordCount), segment.pending.map(\.recordCount), "counts")
    try requireEqual(
      read.pending.map(\.unixNanoseconds), segment.pending.map(\.unixNanoseconds), "times")
    try requireEqual(read.pending.map(\.body.count), segment.pending.map(\.body.count), "sizes")
    try requireEqual(read.unreadableBytes, 0, "unreadable bytes")
  }

  /// A frame that is whole is read whatever follows, and changes nothing about that.
  private static func checkBehindAnother(
    _ segment: SpoolSegment, _ bytes: [UInt8]
  ) throws(BrokenInvariant) {
    var longer = ByteQueue()
    SpoolFrame.append([1, 2, 3], recordCount: 7, unixNanoseconds: 9, to: &longer)
    let shift = longer.count
    longer.append(bytes)
    let read = SpoolSegment(scanning: longer.array())
    try requireEqual(read.pending.first?.recordCount, 7, "the first frame")
    try requireEqual(
      read.pending.dropFirst().map { $0.body.lowerBound - shift },
      segment.pending.map(\.body.lowerBound), "the frames behind it")
    try requireEqual(read.damagedRecordCount, segment.damagedRecordCount, "damaged records")
    try requireEqual(read.unreadableBytes, segment.unreadableBytes, "unreadable bytes")
  }
}
