package import Logging

/// What can be changed while a process runs, as a small file says it: lines of `NAME=value`, blank
/// ones, and comments behind `#`. The names are those of variables of the environment, and beat
/// them; without a line, the environment's value holds.
package struct RuntimeSettings: Sendable, Equatable {
  package var logLevel: Logger.Level?
  package var traces: TelemetryConfiguration.Traces

  /// Why a file changes nothing.
  package struct Invalid: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  static let logLevelName = "LOG_LEVEL"
  static let names = [
    logLevelName, "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
    "OTEL_SWIFT_TRACES_SAMPLER_RULES",
  ]
  /// Bytes of a file; a larger one is no such file.
  static let fileBytesMax = 65_536

  /// - Parameters:
  ///   - text: The file's content.
  ///   - traces: What the environment asked for.
  /// - Throws: `Invalid`, which says what is wrong, when anything is: then nothing is changed.
  package init(
    parsing text: String, over traces: TelemetryConfiguration.Traces
  ) throws(Invalid) {
    var values: [String: String] = [:]
    let lines = text[...].split(byte: UInt8(ascii: "\n"), keepsEmpty: true)
    for (index, line) in lines.enumerated() {
      let line = line.trimmed
      if line.isEmpty || line.hasPrefix("#") { continue }
      guard let separator = line.utf8.firstIndex(of: UInt8(ascii: "=")) else {
        throw Invalid(description: "line \(index + 1) is not NAME=value")
      }
      let name = String(line[..<separator].trimmed)
      guard Self.names.contains(name) else {
        let names = Self.names.joined(separator: ", ")
        throw Invalid(description: "line \(index + 1): '\(name)' is none of \(names)")
      }
      values[name] = String(line[line.utf8.index(after: separator)...].trimmed)
    }
    try self.init(values, traces)
  }

  private init(
    _ values: [String: String], _ traces: TelemetryConfiguration.Traces
  ) throws(Invalid) {
    var values = values
    self.traces = traces
    if let word = values.removeValue(forKey: Self.logLevelName), !word.isEmpty {
      guard let level = Logger.Level(rawValue: word.lowercased()) else {
        let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        throw Invalid(description: "\(Self.logLevelName): '\(word)' is none of \(names)")
      }
      logLevel = level
    }
    var configuration = TelemetryConfiguration()
    configuration.traces = traces
    // A ratio alone changes the ratio of the sampler that there is.
    if values["OTEL_TRACES_SAMPLER"] == nil, values["OTEL_TRACES_SAMPLER_ARG"] != nil {
      values["OTEL_TRACES_SAMPLER"] = traces.sampler.withRatio?.name
    }
    if let warning = configuration.apply(environment: values).first {
      throw Invalid(description: warning.description)
    }
    self.traces = configuration.traces
  }
}

extension TelemetryConfiguration.SamplerName {
  /// The sampler of this kind that takes a ratio.
  fileprivate var withRatio: TelemetryConfiguration.SamplerName? {
    switch self {
    case .alwaysOn, .alwaysOff, .traceIDRatio: .traceIDRatio(1)
    case .parentBased: .parentBased(root: .traceIDRatio(1))
    }
  }
}
