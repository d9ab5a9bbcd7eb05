/// The `trace-flags` of W3C Trace Context §3.2.2.5.
package struct TraceFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The caller may have recorded this trace.
  package static let sampled = TraceFlags(rawValue: 0x01)
  /// At least the seven right-most bytes of the trace id are random.
  package static let random = TraceFlags(rawValue: 0x02)
}
