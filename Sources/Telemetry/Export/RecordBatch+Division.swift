import Bytes
import OTLP

extension RecordBatch {
  /// Two batches with half of the records each, in order; nil for a single record.
  func halves() -> (RecordBatch, RecordBatch)? {
    guard recordCount > 1 else { return nil }
    var (first, second) = (RecordBatch(), RecordBatch())
    for segment in segments {
      let missing = (recordCount + 1) / 2 - first.recordCount
      if missing >= segment.recordCount {
        first.append(segment)
      } else if missing <= 0 {
        second.append(segment)
      } else {
        let end = segment.offset(ofRecord: missing)
        first.append(segment.copy(0..<end, recordCount: missing))
        second.append(
          segment.copy(end..<segment.bytes.count, recordCount: segment.recordCount - missing))
      }
    }
    return (first, second)
  }

  private mutating func append(_ segment: RecordSegment) {
    segments.append(segment)
    recordCount += segment.recordCount
    byteCount += segment.bytes.count
  }
}

extension RecordSegment {
  /// Where the record with this index begins.
  fileprivate func offset(ofRecord index: Int) -> Int {
    let all = bytes.array()
    var reader = ProtobufReader(all[...])
    // What the module encoded itself can be read.
    for _ in 0..<index { _ = try? reader.next() }
    return all.count - reader.remainingCount
  }

  fileprivate func copy(_ range: Range<Int>, recordCount: Int) -> RecordSegment {
    let copy = RecordSegment(scope: scope, capacity: range.count)
    copy.bytes.append(bytes.array(range))
    copy.recordCount = recordCount
    return copy
  }
}
