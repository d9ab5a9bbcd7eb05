extension TelemetryConfiguration {
  /// A share of the traces whose root has a name of a pattern.
  public struct SamplingRule: Sendable, Equatable {
    /// `*` stands for any characters or none, `?` for exactly one; case does not matter. A server's
    /// root span is called after its method and route: `GET /health/live`.
    public let pattern: String
    /// 0 to 1.
    public let share: Double

    public init(pattern: String, share: Double) {
      self.pattern = pattern
      self.share = share
    }

    /// Reads `pattern=share`, several with commas between them.
    /// - Returns: nil when one of them is malformed.
    public static func parse(_ text: String) -> [SamplingRule]? {
      var rules: [SamplingRule] = []
      for part in text[...].split(byte: UInt8(ascii: ",")) {
        let part = part.trimmed
        if part.isEmpty { continue }
        guard let separator = part.utf8.lastIndex(of: UInt8(ascii: "=")),
          let share = Double(part[part.utf8.index(after: separator)...].trimmed),
          (0...1).contains(share)
        else { return nil }
        let pattern = part[..<separator].trimmed
        guard !pattern.isEmpty else { return nil }
        rules.append(SamplingRule(pattern: String(pattern), share: share))
      }
      return rules
    }

    /// As it is parsed.
    public var text: String { "\(pattern)=\(share)" }
  }
}
