import Bytes
import OTLP

/// The `traceparent` field (W3C Trace Context §3.2).
package enum TraceParent {
  /// Reads a field value; nil for one that is to be ignored, and `tracestate` with it.
  ///
  /// A later version is read as far as this one goes, as the specification asks for.
  package static func parse(_ text: String) -> SpanContext? {
    var text = text
    return text.withUTF8 { bytes -> SpanContext? in
      guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
        let version = hex(bytes, 0..<2), version != 0xFF,
        let high = hex(bytes, 3..<19), let low = hex(bytes, 19..<35),
        let span = hex(bytes, 36..<52), let flags = hex(bytes, 53..<55)
      else { return nil }
      guard bytes.count == 55 || (version > 0 && bytes[55] == dash) else { return nil }
      let known = TraceFlags(rawValue: UInt8(truncatingIfNeeded: flags))
        .intersection([.sampled, .random])
      let context = SpanContext(
        traceID: TraceID(high: high, low: low), spanID: SpanID(span), flags: known,
        isRemote: true)
      return context.isValid ? context : nil
    }
  }

  /// The field value for `context`.
  package static func format(_ context: SpanContext) -> String {
    var queue = ByteQueue(capacity: 55)
    queue.append("00-" as StaticString)
    queue.append(traceID: context.traceID)
    queue.append(dash)
    queue.append(hex: context.spanID.value, digits: 16)
    queue.append(dash)
    queue.append(hex: UInt64(context.flags.rawValue), digits: 2)
    return String(decoding: queue.array(), as: UTF8.self)
  }

  private static let dash = UInt8(ascii: "-")

  /// Lower-case digits only: a field with upper-case ones is to be ignored.
  private static func hex(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64? {
    var value: UInt64 = 0
    for index in range {
      switch bytes[index] {
      case 0x30...0x39: value = value << 4 | UInt64(bytes[index] - 0x30)
      case 0x61...0x66: value = value << 4 | UInt64(bytes[index] - 0x61 + 10)
      default: return nil
      }
    }
    return value
  }
}
