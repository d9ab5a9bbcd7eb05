import Bytes
import Testing

@testable import OTLP

@Suite("Protobuf writer")
struct ProtobufWriterTests {
  private func written(_ body: (inout ByteQueue) -> Void) -> [UInt8] {
    var bytes = ByteQueue(capacity: 16)
    body(&bytes)
    return bytes.array()
  }

  @Test(
    "varints",
    arguments: [
      (0, [0x00]), (1, [0x01]), (127, [0x7F]), (128, [0x80, 0x01]), (300, [0xAC, 0x02]),
      (16_383, [0xFF, 0x7F]), (16_384, [0x80, 0x80, 0x01]),
      (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
    ] as [(UInt64, [UInt8])])
  func varints(value: UInt64, expected: [UInt8]) {
    #expect(written { $0.append(varint: value) } == expected)
  }

  @Test(
    "zigzag",
    arguments: [
      (0, [0x08, 0x00]), (-1, [0x08, 0x01]), (1, [0x08, 0x02]), (-2, [0x08, 0x03]),
      (.min, [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
    ] as [(Int64, [UInt8])])
  func zigzag(value: Int64, expected: [UInt8]) {
    #expect(written { $0.append(field: 1, sint: value) } == expected)
  }

  @Test("scalar fields carry their number and wire type")
  func scalars() {
    #expect(written { $0.append(field: 1, varint: 150) } == [0x08, 0x96, 0x01])
    #expect(written { $0.append(field: 16, bool: true) } == [0x80, 0x01, 0x01])
    #expect(written { $0.append(field: 3, fixed32: 0x0102_0304) } == [0x1D, 4, 3, 2, 1])
    #expect(
      written { $0.append(field: 2, fixed64: 0x0102_0304_0506_0708) }
        == [0x11, 8, 7, 6, 5, 4, 3, 2, 1])
    #expect(
      written { $0.append(field: 2, sfixed64: -1) } == [0x11] + Array(repeating: 0xFF, count: 8))
    #expect(
      written { $0.append(field: 1, double: 1) } == [0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    #expect(
      written { $0.append(field: 1, int: -1) }
        == [0x08] + Array(repeating: 0xFF, count: 9) + [0x01])
    #expect(written { $0.append(field: 2, string: "né") } == [0x12, 3, 0x6E, 0xC3, 0xA9])
    #expect(written { $0.append(field: 2, bytes: [9, 8]) } == [0x12, 2, 9, 8])
  }

  @Test(
    "the length of a message is put in front of it, however long it gets",
    arguments: [0, 1, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152])
  func lengths(length: Int) {
    let content = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let prefix = written { $0.append(varint: UInt64(length)) }
    let bytes = written { bytes in
      bytes.append(0xEE as UInt8)
      bytes.append(field: 1, message: { $0.append(content) })
      bytes.append(0xDD as UInt8)
    }
    #expect(bytes == [0xEE, 0x0A] + prefix + content + [0xDD])
  }

  @Test("messages nest, and each length counts the lengths inside")
  func nesting() {
    let text = String(repeating: "x", count: 126)
    let bytes = written { bytes in
      bytes.append(field: 1, message: { $0.append(field: 2, message: { $0.append(text) }) })
    }
    #expect(bytes == [0x0A, 0x80, 0x01, 0x12, 126] + Array(text.utf8))
  }

  @Test("packed fields; nothing for an empty list")
  func packed() {
    #expect(written { $0.append(field: 6, packedVarints: [3, 270, 86_942]) }
      == [0x32, 6, 0x03, 0x8E, 0x02, 0x9E, 0xA7, 0x05])
    #expect(written { $0.append(field: 1, packedFixed64: [1]) } == [0x0A, 8, 1, 0, 0, 0, 0, 0, 0, 0])
    #expect(
      written { $0.append(field: 1, packedDoubles: [1]) } == [0x0A, 8, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    #expect(written { $0.append(field: 1, packedVarints: []) } == [])
    #expect(written { $0.append(field: 1, packedFixed64: []) } == [])
    #expect(written { $0.append(field: 1, packedDoubles: []) } == [])
  }
}
