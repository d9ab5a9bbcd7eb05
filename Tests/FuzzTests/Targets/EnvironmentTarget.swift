import HTTP1
import HTTPTypes
import Sockets
import Telemetry

/// The `OTEL_*` variables: whatever they say, the settings are ones that the module can work with,
/// and no warning tells a secret.
enum EnvironmentTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let environment = read(bytes)
    var settings = TelemetryConfiguration()
    let warnings = settings.apply(environment: environment)
    for warning in warnings {
      try require(environment[warning.variable] != nil, "warns about an unset \(warning)")
    }
    var again = settings
    _ = again.apply(environment: environment)
    try requireEqual(again, settings, "settings of a second time")
    try checkNumbers(settings)
    for otlp in [settings.traces.otlp, settings.metrics.otlp, settings.logs.otlp] {
      try check(otlp)
    }
    try checkSecrets(environment, warnings)
  }

  /// Lines `NAME=value`.
  private static func read(_ bytes: [UInt8]) -> [String: String] {
    var environment: [String: String] = [:]
    for line in bytes.split(separator: 0x0A) {
      let name = line.prefix { $0 != UInt8(ascii: "=") }
      environment[name.text] = line[name.endIndex...].dropFirst().text
    }
    return environment
  }

  private static func checkNumbers(_ settings: TelemetryConfiguration) throws(BrokenInvariant) {
    for batching in [settings.traces.batching, settings.logs.batching] {
      try require(batching.queueRecordsMax >= 1, "a queue of \(batching.queueRecordsMax)")
      try require(
        (1...batching.queueRecordsMax).contains(batching.batchRecordsMax),
        "batches of \(batching.batchRecordsMax)")
      try checkTime(batching.scheduleDelay)
      if let timeout = batching.exportTimeout { try checkTime(timeout) }
    }
    try checkTime(settings.metrics.exportInterval)
    if let timeout = settings.metrics.exportTimeout { try checkTime(timeout) }
    let limits = settings.traces.limits
    for limit in [
      limits.attributesMax, limits.eventsMax, limits.linksMax, limits.attributesPerEventMax,
      limits.attributesPerLinkMax, limits.attributeValueLengthMax ?? 0,
      settings.logs.limits.attributesMax, settings.logs.limits.attributeValueLengthMax ?? 0,
    ] {
      try require(limit >= 0, "a limit of \(limit)")
    }
    try check(settings.traces.sampler)
    let names = settings.propagators
    try requireEqual(Set(names).count, names.count, "a propagator twice")
  }

  private static func checkTime(_ duration: Duration) throws(BrokenInvariant) {
    try require(duration > .zero, "a time of \(duration)")
    let now = MonotonicInstant.now()
    try require(now + duration > now, "a deadline in the past")
  }

  private static func check(
    _ sampler: TelemetryConfiguration.SamplerName
  ) throws(BrokenInvariant) {
    switch sampler {
    case .alwaysOn, .alwaysOff: break
    case .traceIDRatio(let ratio): try require((0...1).contains(ratio), "a ratio of \(ratio)")
    case .parentBased(let root): try check(root)
    }
  }

  /// Every header can be sent as it is, and does not spoil the request.
  private static func check(_ otlp: TelemetryConfiguration.OTLP) throws(BrokenInvariant) {
    if let timeout = otlp.timeout { try checkTime(timeout) }
    for header in otlp.headers {
      guard let name = HTTPField.Name(header.name) else {
        throw BrokenInvariant("a header called \(header.name)")
      }
      try requireEqual(name.rawName, header.name.lowercased(), "name")
      try requireEqual(HTTPField(name: name, value: header.value).value, header.value, "value")
      try require(!HeadFields.framing.contains(header.name), "a header \(header.name)")
      try require(header.name != "host", "a header host")
    }
  }

  private static func checkSecrets(
    _ environment: [String: String], _ warnings: [ConfigurationWarning]
  ) throws(BrokenInvariant) {
    for warning in warnings {
      let value = environment[warning.variable] ?? ""
      if warning.variable.hasSuffix("_HEADERS") {
        try require(value.utf8.count < 4 || !warning.problem.contains(value), "tells \(value)")
      }
      guard warning.variable.hasSuffix("_ENDPOINT"), let at = value.lastIndex(of: "@") else {
        continue
      }
      try require(!warning.problem.contains(value[...at]), "tells \(value)")
    }
  }
}
