import OTLP
import Testing

@testable import Telemetry

@Suite("traceparent")
struct TraceParentTests {
  private static let traceID = "0af7651916cd43dd8448eb211c80319c"
  private static let spanID = "b7ad6b7169203331"
  private static let start = "00-\(traceID)-\(spanID)-"

  @Test(
    "valid fields, and the flags they leave",
    arguments: [
      ("00", "00", 0), ("00", "01", 1), ("00", "02", 2), ("00", "03", 3),
      // Flags that this version does not know are not passed on.
      ("00", "ff", 3), ("00", "fc", 0), ("00", "09", 1),
      ("01", "01", 1), ("cc", "01", 1), ("fe", "03", 3),
    ] as [(String, String, UInt8)])
  func valid(version: String, flags: String, kept: UInt8) throws {
    let text = "\(version)-\(Self.traceID)-\(Self.spanID)-\(flags)"
    let context = try #require(TraceParent.parse(text))
    #expect(context.traceID == TraceID(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c))
    #expect(context.spanID == SpanID(0xb7ad_6b71_6920_3331))
    #expect(context.flags.rawValue == kept)
    #expect(context.isRemote)
    #expect(TraceParent.format(context) == "\(Self.start)0\(kept)")
  }

  @Test(
    "a later version may say more behind a dash",
    arguments: [("-", true), ("-what-ever", true), ("-\u{e9}", true), (".", false), ("0", false)])
  func laterVersion(behind: String, isValid: Bool) {
    let text = "01-\(Self.traceID)-\(Self.spanID)-01\(behind)"
    #expect((TraceParent.parse(text) != nil) == isValid)
  }

  @Test(
    "invalid fields",
    arguments: [
      "", "00", "00-\(traceID)-\(spanID)-0", "00-\(traceID)-\(spanID)-01-", "\(start)01-x",
      "\(start)011", "ff-\(traceID)-\(spanID)-01", "0-\(traceID)-\(spanID)-01",
      "00-00000000000000000000000000000000-\(spanID)-01",
      "00-\(traceID)-0000000000000000-01",
      "00-0AF7651916CD43DD8448EB211C80319C-\(spanID)-01", "00-\(traceID)-B7AD6B7169203331-01",
      "0A-\(traceID)-\(spanID)-01", "\(start)0A", "\(start)0g", "0x-\(traceID)-\(spanID)-01",
      "00-\(traceID)-\(spanID)_01", "00-\(traceID)_\(spanID)-01", "00_\(traceID)-\(spanID)-01",
      "00-\(traceID.dropLast())-\(spanID)-01", "00-\(traceID)0-\(spanID)-01",
      "00-\(traceID)-\(spanID.dropLast())-01", "00-\(traceID)-\(spanID)0-01",
      "00-\(traceID.dropLast())g-\(spanID)-01", "00-g\(traceID.dropFirst())-\(spanID)-01",
      "00-\(traceID)-\(spanID.dropLast())g-01", " \(start)01", "\(start)01 ",
      // What several fields are combined to.
      "\(start)01, \(start)01", "\(start)01,\(start)01",
    ])
  func invalid(text: String) {
    #expect(TraceParent.parse(text) == nil)
  }

  @Test("the largest and the smallest numbers are written with all their digits")
  func digits() {
    let small = SpanContext(traceID: TraceID(high: 0, low: 1), spanID: SpanID(1), flags: [])
    #expect(
      TraceParent.format(small) == "00-00000000000000000000000000000001-0000000000000001-00")
    let large = SpanContext(
      traceID: TraceID(high: .max, low: .max), spanID: SpanID(.max), flags: TraceFlags(rawValue: 255))
    #expect(
      TraceParent.format(large) == "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-03")
  }
}
