import Bytes
import Testing

@Suite struct ByteQueueNumbersTests {
  private static func text(_ write: (inout ByteQueue) -> Void) -> String {
    var queue = ByteQueue(capacity: 16)
    // Not at the front of the memory, and with little room left.
    queue.append([0, 0, 0, 0])
    queue.consume(3)
    queue.truncate(to: 1)
    write(&queue)
    queue.consume(1)
    return String(decoding: queue.array(), as: UTF8.self)
  }

  @Test(arguments: [
    0, 1, 9, 10, 11, 99, 100, 101, 12_345, Int64.max - 1, .max, -1, -9, -10, -12_345, .min + 1,
    .min,
  ])
  func signedDecimals(_ value: Int64) {
    #expect(Self.text { $0.append(decimal: value) } == "\(value)")
    #expect(Self.text { $0.append(decimal: Int(value)) } == "\(value)")
  }

  @Test func everyLengthOfADecimal() {
    var value: UInt64 = 1
    for _ in 0..<19 {
      for shift in [UInt64.max, 0, 1] {
        let near = value &+ shift
        #expect(Self.text { $0.append(decimal: near) } == "\(near)")
      }
      value *= 10
    }
    #expect(Self.text { $0.append(decimal: UInt64(10_000_000_000_000_000_000)) } == "10000000000000000000")
    #expect(Self.text { $0.append(decimal: UInt64.max) } == "\(UInt64.max)")
  }

  @Test func decimalsOfAWidth() {
    #expect(Self.text { $0.append(decimal: 0, digits: 2) } == "00")
    #expect(Self.text { $0.append(decimal: 7, digits: 2) } == "07")
    #expect(Self.text { $0.append(decimal: 99, digits: 2) } == "99")
    #expect(Self.text { $0.append(decimal: 1970, digits: 4) } == "1970")
    #expect(Self.text { $0.append(decimal: 123_456_789, digits: 9) } == "123456789")
    #expect(Self.text { $0.append(decimal: 5, digits: 40) } == String(repeating: "0", count: 39) + "5")
  }

  @Test(arguments: [
    (0, "0"), (1, "1"), (15, "f"), (16, "10"), (255, "ff"), (256, "100"), (4_095, "fff"),
    (0xABCD_EF01, "abcdef01"), (Int.max, "7fffffffffffffff"), (-1, "ffffffffffffffff"),
  ])
  func hexadecimalWithoutZeros(_ value: Int, _ expected: String) {
    #expect(Self.text { $0.append(hex: value) } == expected)
  }

  @Test(arguments: [
    (UInt64(0), 1, "0"), (0, 16, "0000000000000000"), (0x1F, 2, "1f"), (0x1F, 4, "001f"),
    (0x1F, 1, "f"), (.max, 16, "ffffffffffffffff"), (0x0123_4567_89AB_CDEF, 16, "0123456789abcdef"),
  ])
  func hexadecimalOfAWidth(_ value: UInt64, _ digits: Int, _ expected: String) {
    #expect(Self.text { $0.append(hex: value, digits: digits) } == expected)
  }
}
