package import Bytes
import Gzip

/// One request in a segment file: a header of 32 bytes, then the request's body, an
/// `Export…ServiceRequest` in protobuf. Numbers are little-endian.
///
/// | bytes | content |
/// |--|--|
/// | 0–3 | `OTSP` |
/// | 4 | `P` (pending) or `D` (done): the one byte that is written twice, outside the checksums |
/// | 5 | version of the format: 1 |
/// | 6–7 | 0 |
/// | 8–11 | bytes of the body |
/// | 12–15 | records in the body |
/// | 16–23 | when it was written, nanoseconds since 1970 |
/// | 24–27 | CRC-32 of the body |
/// | 28–31 | CRC-32 of bytes 0 to 27, with a 0 for byte 4 |
package struct SpoolFrame: Sendable, Equatable {
  package static let headerBytes = 32
  /// Larger bodies are none that the module sends.
  package static let bodyBytesMax = 64 << 20
  /// What byte 4 is when nothing is left to do for the frame. Every other value means pending.
  package static let doneMark = UInt8(ascii: "D")

  /// Where the body is in the file.
  package let body: Range<Int>
  package let recordCount: Int
  package let unixNanoseconds: UInt64
  package let isDone: Bool
  let bodyChecksum: UInt32

  /// Where the byte is that says whether the frame is done.
  package var markOffset: Int { body.lowerBound - Self.headerBytes + Layout.mark }

  private enum Layout {
    static let mark = 4
    static let version = 5
    static let bodyBytes = 8
    static let recordCount = 12
    static let time = 16
    static let bodyChecksum = 24
    static let headerChecksum = 28
  }

  static let magic: [UInt8] = Array("OTSP".utf8)
  private static let version: UInt8 = 1

  // MARK: Writing

  /// Appends a frame.
  /// - Parameters:
  ///   - body: At most ``bodyBytesMax`` bytes.
  ///   - unixNanoseconds: When it is written.
  package static func append(
    _ body: [UInt8], recordCount: Int, unixNanoseconds: UInt64, to bytes: inout ByteQueue
  ) {
    var header = [UInt8](repeating: 0, count: headerBytes)
    for (index, byte) in magic.enumerated() { header[index] = byte }
    header[Layout.version] = version
    store(UInt64(body.count), 4, at: Layout.bodyBytes, in: &header)
    store(UInt64(UInt32(clamping: recordCount)), 4, at: Layout.recordCount, in: &header)
    store(unixNanoseconds, 8, at: Layout.time, in: &header)
    store(UInt64(checksum(body, 0..<body.count)), 4, at: Layout.bodyChecksum, in: &header)
    store(
      UInt64(checksum(header, 0..<Layout.headerChecksum)), 4, at: Layout.headerChecksum,
      in: &header)
    header[Layout.mark] = UInt8(ascii: "P")
    bytes.append(header)
    bytes.append(body)
  }

  private static func store(
    _ value: UInt64, _ count: Int, at offset: Int, in header: inout [UInt8]
  ) {
    for index in 0..<count {
      header[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
    }
  }

  // MARK: Reading

  /// The frame whose header begins at `offset`; nil when none does, or not all of it is there. The
  /// body may be damaged, or not be there.
  package init?(headerAt offset: Int, of bytes: [UInt8]) {
    let start = offset
    guard start + Self.headerBytes <= bytes.count, bytes[start] == Self.magic[0],
      bytes[start..<start + Self.magic.count].elementsEqual(Self.magic)
    else { return nil }
    var header = Array(bytes[start..<start + Self.headerBytes])
    isDone = header[Layout.mark] == Self.doneMark
    header[Layout.mark] = 0
    let length = Int(Self.load(4, at: Layout.bodyBytes, from: header))
    guard header[Layout.version] == Self.version, length <= Self.bodyBytesMax,
      Self.load(4, at: Layout.headerChecksum, from: header)
        == UInt64(Self.checksum(header, 0..<Layout.headerChecksum))
    else { return nil }
    body = start + Self.headerBytes..<start + Self.headerBytes + length
    recordCount = Int(Self.load(4, at: Layout.recordCount, from: header))
    unixNanoseconds = Self.load(8, at: Layout.time, from: header)
    bodyChecksum = UInt32(Self.load(4, at: Layout.bodyChecksum, from: header))
  }

  /// Whether the body is there as it was written.
  func isIntact(in bytes: [UInt8]) -> Bool {
    body.upperBound <= bytes.count && Self.checksum(bytes, body) == bodyChecksum
  }

  private static func load(_ count: Int, at offset: Int, from header: [UInt8]) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(header[offset + $1]) << (8 * UInt64($1)) }
  }

  private static func checksum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
    bytes.withUnsafeBytes { CRC32.checksum(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
