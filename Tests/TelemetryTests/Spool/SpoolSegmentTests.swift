import Bytes
import Testing

@testable import Telemetry

@Suite("Spool: what is in a segment")
struct SpoolSegmentTests {
  private static let bodies: [[UInt8]] = [
    Array("first".utf8), [], Array(repeating: 0x4F, count: 300), Array("OTSP in a body".utf8),
  ]

  private static func bytes(_ bodies: [[UInt8]] = bodies) -> [UInt8] {
    var bytes = ByteQueue()
    for (index, body) in bodies.enumerated() {
      SpoolFrame.append(
        body, recordCount: index + 1, unixNanoseconds: UInt64(index) + 1_000, to: &bytes)
    }
    return bytes.array()
  }

  private func bodies(of segment: SpoolSegment, in bytes: [UInt8]) -> [[UInt8]] {
    segment.pending.map { Array(bytes[$0.body]) }
  }

  @Test("what was written is read, in order, with its numbers and its time")
  func roundTrip() {
    let bytes = Self.bytes()
    let segment = SpoolSegment(scanning: bytes)
    #expect(bodies(of: segment, in: bytes) == Self.bodies)
    #expect(segment.pending.map(\.recordCount) == [1, 2, 3, 4])
    #expect(segment.pending.map(\.unixNanoseconds) == [1_000, 1_001, 1_002, 1_003])
    #expect(segment.pendingRecordCount == 10)
    #expect(segment.damagedRecordCount == 0 && segment.unreadableBytes == 0)
    #expect(SpoolSegment(scanning: []).pending == [])
  }

  @Test("the format is what it is documented to be")
  func layout() {
    let bytes = Self.bytes([Array("abc".utf8)])
    #expect(bytes.count == 35)
    #expect(Array(bytes[0..<8]) == Array("OTSPP".utf8) + [1, 0, 0])
    #expect(Array(bytes[8..<12]) == [3, 0, 0, 0])
    #expect(Array(bytes[12..<16]) == [1, 0, 0, 0])
    #expect(Array(bytes[16..<24]) == [0xE8, 3, 0, 0, 0, 0, 0, 0])
    // The CRC-32 of "abc", as RFC 1952 has it.
    #expect(Array(bytes[24..<28]) == [0xC2, 0x41, 0x24, 0x35])
    #expect(Array(bytes[32...]) == Array("abc".utf8))
  }

  @Test("a tail that is torn at any byte costs its own frame alone")
  func tornTail() {
    let whole = Self.bytes()
    let sizes = Self.bodies.map { SpoolFrame.headerBytes + $0.count }
    for end in 0..<whole.count {
      let segment = SpoolSegment(scanning: Array(whole[..<end]))
      var (complete, start) = (0, 0)
      while complete < sizes.count, start + sizes[complete] <= end {
        start += sizes[complete]
        complete += 1
      }
      #expect(segment.pending.count == complete, "cut at \(end)")
      let isHeaderWhole = end - start >= SpoolFrame.headerBytes
      #expect(segment.damagedRecordCount == (isHeaderWhole ? complete + 1 : 0), "cut at \(end)")
      #expect(segment.unreadableBytes == (isHeaderWhole ? 0 : end - start), "cut at \(end)")
    }
  }

  @Test("whichever byte is changed, all other frames are read, and no changed one is")
  func changedByte() {
    let whole = Self.bytes()
    let frames = SpoolSegment(scanning: whole).pending
    for index in 0..<whole.count {
      var bytes = whole
      bytes[index] ^= 0x55
      let segment = SpoolSegment(scanning: bytes)
      let others = frames.filter {
        !($0.body.lowerBound - SpoolFrame.headerBytes..<$0.body.upperBound).contains(index)
      }
      let isMark = frames.contains { $0.markOffset == index }
      #expect(segment.pending == (isMark ? frames : others), "byte \(index)")
      if !isMark {
        #expect(segment.damagedRecordCount > 0 || segment.unreadableBytes > 0, "byte \(index)")
      }
    }
  }

  @Test("what is done is left out")
  func done() {
    var bytes = Self.bytes()
    let frames = SpoolSegment(scanning: bytes).pending
    bytes[frames[1].markOffset] = SpoolFrame.doneMark
    #expect(SpoolSegment(scanning: bytes).pending == [frames[0], frames[2], frames[3]])
    // A frame that is done may be damaged.
    bytes[frames[2].markOffset] = SpoolFrame.doneMark
    bytes[frames[2].body.lowerBound] ^= 1
    let segment = SpoolSegment(scanning: bytes)
    #expect(segment.pending == [frames[0], frames[3]] && segment.damagedRecordCount == 0)
  }

  @Test("a header that promises more than a body may have is none")
  func bodyTooLarge() {
    var bytes = Self.bytes([[1]])
    bytes[11] = 0xFF
    let segment = SpoolSegment(scanning: bytes)
    #expect(segment.pending == [] && segment.unreadableBytes == bytes.count)
  }
}
