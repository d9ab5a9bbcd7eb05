/// The severity numbers of the OpenTelemetry log data model ("SeverityNumber"): six ranges of four.
public struct LogSeverity: RawRepresentable, Hashable, Comparable, Sendable {
  /// 0 when it is unknown, else 1 to 24.
  public let rawValue: UInt8

  /// - Parameter rawValue: Above 24 counts as 24.
  public init(rawValue: UInt8) { self.rawValue = min(rawValue, 24) }

  public static let unspecified = LogSeverity(rawValue: 0)
  public static let trace = LogSeverity(rawValue: 1)
  public static let debug = LogSeverity(rawValue: 5)
  public static let info = LogSeverity(rawValue: 9)
  public static let warn = LogSeverity(rawValue: 13)
  public static let error = LogSeverity(rawValue: 17)
  public static let fatal = LogSeverity(rawValue: 21)

  public static func < (left: LogSeverity, right: LogSeverity) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The short name of the data model: `INFO`, `INFO2` and so on; empty when it is unknown.
  public var shortName: String {
    guard rawValue > 0 else { return "" }
    let range = Self.names[Int(rawValue - 1) / 4]
    let step = (rawValue - 1) % 4
    return step == 0 ? range : "\(range)\(step + 1)"
  }

  private static let names = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
}
