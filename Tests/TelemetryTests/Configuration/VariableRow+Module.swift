@testable import Telemetry

extension VariableRow {
  static let spool: [VariableRow] = [
    VariableRow(
      "OTEL_SWIFT_OTLP_SPOOL_DIRECTORY", { $0.spool.directory ?? "none" }, standard: "none",
      valid: [("/var/lib/a b", "/var/lib/a b")]),
    size("OTEL_SWIFT_OTLP_SPOOL_BYTES_MAX", 268_435_456, minimum: 65_536) { $0.spool.bytesMax },
    duration("OTEL_SWIFT_OTLP_SPOOL_AGE_MAX", 86_400_000) { $0.spool.ageMax },
    size("OTEL_SWIFT_OTLP_SPOOL_SEGMENT_BYTES", 4_194_304, minimum: 4_096) {
      $0.spool.segmentBytes
    },
    count("OTEL_SWIFT_OTLP_SPOOL_MEMORY_BYTES_MAX", 4_194_304, minimum: 0) {
      $0.spool.memoryBytesMax
    },
    VariableRow(
      "OTEL_SWIFT_OTLP_SPOOL_DELAY", { $0.spool.memoryDelay.milliseconds }, standard: 1_000,
      valid: [("0", 0), ("77", 77), (largest, .max)], malformed: notNumbers),
    VariableRow(
      "OTEL_SWIFT_OTLP_SPOOL_SYNC", \.spool.isSynchronized, standard: false,
      valid: [("true", true), ("False", false)], malformed: ["1", "yes"]),
  ]
  private static func size(
    _ name: String, _ standard: Int, minimum: Int,
    _ read: @escaping @Sendable (TelemetryConfiguration) -> Int
  ) -> VariableRow {
    VariableRow(
      name, read, standard: standard, valid: [("\(minimum)", minimum), (largest, .max)],
      malformed: notNumbers + ["\(minimum - 1)"])
  }

  /// Sampling and changes at run time beyond the specification.
  static let runtime: [VariableRow] = [
    VariableRow(
      "OTEL_SWIFT_RUNTIME_FILE", { $0.runtimeFile ?? "none" }, standard: "none",
      valid: [("/etc/a b", "/etc/a b")]),
    VariableRow(
      "OTEL_SWIFT_TRACES_SAMPLER_RULES", { $0.traces.rules.map(\.text) }, standard: [],
      valid: [
        ("GET /health*=0", ["GET /health*=0.0"]), (" a = 0.5 , b=c=1,,", ["a=0.5", "b=c=1.0"]),
      ],
      malformed: ["a", "=1", "a=", "a=2", "a=-0.1", "a=nan", "a=1,b"]),
    VariableRow(
      "OTEL_SWIFT_TRACES_KEEP_ERRORS", \.traces.keepsErrors, standard: false,
      valid: [("true", true), ("False", false)], malformed: ["1", "yes"]),
  ]
}
