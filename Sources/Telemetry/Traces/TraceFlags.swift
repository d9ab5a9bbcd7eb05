/// The `trace-flags` of W3C Trace Context §3.2.2.5.
public struct TraceFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The caller may have recorded this trace.
  public static let sampled = TraceFlags(rawValue: 0x01)
  /// At least the seven right-most bytes of the trace id are random.
  public static let random = TraceFlags(rawValue: 0x02)
}
