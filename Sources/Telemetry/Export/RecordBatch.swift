/// Records that were sealed together: they are sent together.
package struct RecordBatch: Sendable {
  package internal(set) var segments: [RecordSegment] = []
  package internal(set) var recordCount = 0
  package internal(set) var byteCount = 0

  package init() {}

  package mutating func append(contentsOf other: RecordBatch) {
    segments += other.segments
    recordCount += other.recordCount
    byteCount += other.byteCount
  }
}
