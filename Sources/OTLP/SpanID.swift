package import Bytes

/// The identity of a span within its trace: 8 bytes, big-endian. All zero is invalid
/// (W3C Trace Context §3.2.2.4).
public struct SpanID: Hashable, Sendable {
  /// The eight bytes, most significant first.
  public let value: UInt64

  @inlinable public init(_ value: UInt64) { self.value = value }

  /// The id that means "none".
  public static let invalid = SpanID(0)

  @inlinable public var isValid: Bool { value != 0 }
}

extension SpanID: CustomStringConvertible {
  /// 16 lower-case hexadecimal digits.
  public var description: String {
    var bytes = ByteQueue(capacity: 16)
    bytes.append(spanID: self)
    return String(decoding: bytes.array(), as: UTF8.self)
  }
}

extension ByteQueue {
  /// Appends the 16 lower-case hexadecimal digits of a span id.
  package mutating func append(spanID: SpanID) {
    append(hex: spanID.value, digits: 16)
  }

  /// Appends a `bytes` field of the 8 bytes of a span id.
  package mutating func append(field: Int, spanID: SpanID) {
    append(tag: field, .lengthDelimited)
    append(8 as UInt8)
    append(littleEndian: spanID.value.byteSwapped)
  }
}
