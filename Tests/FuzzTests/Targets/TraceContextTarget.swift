import HTTP1
import Instrumentation
import ServiceContextModule
import Telemetry

/// Trace context in every format: what is taken over is valid, passed on whole, and taken over
/// alike by the next service.
enum TraceContextTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let fields = FieldCarrier.fields(bytes)
    let formats: [(name: String, instrument: any Instrument)] = [
      ("tracecontext", TraceContextPropagator()), ("b3", B3Propagator(.single)),
      ("b3multi", B3Propagator(.multiple)), ("jaeger", JaegerPropagator()),
    ]
    for (name, instrument) in formats {
      guard let found = instrument.extracted(fields).spanContext else { continue }
      try require(found.isValid && found.isRemote, "\(name) takes over \(found)")
      let sent = instrument.injected(instrument.extracted(fields))
      try require(sent.values.allSatisfy { $0.utf8.allSatisfy(ByteSet.isFieldValue) }, "\(sent)")
      try requireEqual(instrument.extracted(sent).spanContext, found, "\(name), passed on")
    }
    if let text = fields["traceparent"] { try checkTraceParent(text) }
    if let text = fields["tracestate"] { try checkTraceState(text) }
  }

  private static func checkTraceParent(_ text: String) throws(BrokenInvariant) {
    guard let context = TraceParent.parse(text) else { return }
    let written = TraceParent.format(context)
    try requireEqual(TraceParent.parse(written), context, "traceparent written and read")
    try requireEqual(written.dropFirst(2).prefix(51), text.dropFirst(2).prefix(51), "ids")
    if text.hasPrefix("00") { try requireEqual(text.utf8.count, 55, "bytes of version 00") }
  }

  private static func checkTraceState(_ text: String) throws(BrokenInvariant) {
    let state = TraceState.normalize(text)
    try requireEqual(TraceState.normalize(state), state, "tracestate made clean twice")
    try require(state.utf8.count <= TraceState.charactersMax, "\(state.utf8.count) characters")
    guard !state.isEmpty else { return }
    let members = state.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    try require(members.count <= TraceState.membersMax, "\(members.count) members")
    let keys = members.map { Array($0.prefix { $0 != UInt8(ascii: "=") }) }
    try requireEqual(Set(keys).count, keys.count, "a key twice: \(state)")
    // Members are passed on unchanged and in order (W3C Trace Context §3.5).
    var source = text.utf8.split(separator: UInt8(ascii: ",")).map { part in
      Array(part)[...].trimmed.text
    }[...]
    for member in members {
      let text = String(Substring(member))
      guard let index = source.firstIndex(of: text) else {
        throw BrokenInvariant("\(text) is not of \(text)")
      }
      source = source[(index + 1)...]
    }
  }
}
