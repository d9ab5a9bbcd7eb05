package import Bytes

/// The identity of a trace: 16 bytes, big-endian in two halves. All zero is invalid
/// (W3C Trace Context §3.2.2.3).
public struct TraceID: Hashable, Sendable {
  /// Bytes 0 to 7, most significant first.
  public let high: UInt64
  /// Bytes 8 to 15, most significant first.
  public let low: UInt64

  @inlinable public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The id that means "none".
  public static let invalid = TraceID(high: 0, low: 0)

  @inlinable public var isValid: Bool { high | low != 0 }
}

extension TraceID: CustomStringConvertible {
  /// 32 lower-case hexadecimal digits.
  public var description: String {
    var bytes = ByteQueue(capacity: 32)
    bytes.append(traceID: self)
    return String(decoding: bytes.array(), as: UTF8.self)
  }
}

extension ByteQueue {
  /// Appends the 32 lower-case hexadecimal digits of a trace id.
  package mutating func append(traceID: TraceID) {
    append(hex: traceID.high, digits: 16)
    append(hex: traceID.low, digits: 16)
  }

  /// Appends a `bytes` field of the 16 bytes of a trace id.
  package mutating func append(field: Int, traceID: TraceID) {
    append(tag: field, .lengthDelimited)
    append(16 as UInt8)
    append(littleEndian: traceID.high.byteSwapped)
    append(littleEndian: traceID.low.byteSwapped)
  }
}
