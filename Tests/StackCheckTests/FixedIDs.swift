import OTLP
import Telemetry

/// The same ids every time.
struct FixedIDs: IDGenerator {
  static let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
  static let spanID = "00f067aa0ba902b7"

  var isRandom: Bool { false }

  func makeTraceID() -> TraceID {
    TraceID(high: 0x4BF9_2F35_77B3_4DA6, low: 0xA3CE_929D_0E0E_4736)
  }

  func makeSpanID() -> SpanID { SpanID(0x00F0_67AA_0BA9_02B7) }
}
