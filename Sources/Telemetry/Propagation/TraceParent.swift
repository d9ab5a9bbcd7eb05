import OTLP

/// The `traceparent` field (W3C Trace Context §3.2).
public enum TraceParent {
  /// Reads a field value; nil for one that is to be ignored, and `tracestate` with it.
  ///
  /// A later version is read as far as this one goes, as the specification asks for.
  public static func parse(_ text: String) -> SpanContext? {
    var text = text
    return text.withUTF8 { bytes -> SpanContext? in
      guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
        let version = HexDigits.lowercase(bytes[0..<2]), version != 0xFF,
        let high = HexDigits.lowercase(bytes[3..<19]),
        let low = HexDigits.lowercase(bytes[19..<35]),
        let span = HexDigits.lowercase(bytes[36..<52]),
        let flags = HexDigits.lowercase(bytes[53..<55])
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

  /// The field value for `context`: version 00 with the flags that this version knows.
  public static func format(_ context: SpanContext) -> String {
    String(unsafeUninitializedCapacity: 55) { bytes in
      write(0, digits: 2, to: bytes, at: 0)
      bytes[2] = dash
      write(context.traceID.high, digits: 16, to: bytes, at: 3)
      write(context.traceID.low, digits: 16, to: bytes, at: 19)
      bytes[35] = dash
      write(context.spanID.value, digits: 16, to: bytes, at: 36)
      bytes[52] = dash
      let flags = context.flags.intersection([.sampled, .random])
      write(UInt64(flags.rawValue), digits: 2, to: bytes, at: 53)
      return 55
    }
  }

  private static let dash = UInt8(ascii: "-")

  @inline(__always)
  private static func write(
    _ number: UInt64, digits: Int, to bytes: UnsafeMutableBufferPointer<UInt8>, at start: Int
  ) {
    var rest = number
    for position in (start..<start + digits).reversed() {
      let digit = UInt8(truncatingIfNeeded: rest & 0xF)
      bytes[position] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
      rest >>= 4
    }
  }
}
