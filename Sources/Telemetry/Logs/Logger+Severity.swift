public import Logging

extension Logger.Level {
  /// The severity number of the OpenTelemetry log data model. `critical` is FATAL: no level of
  /// swift-log is above it.
  public var severityNumber: UInt8 {
    switch self {
    case .trace: 1
    case .debug: 5
    case .info: 9
    case .notice: 10
    case .warning: 13
    case .error: 17
    case .critical: 21
    }
  }

  /// The level's name in capitals.
  public var severityText: String {
    switch self {
    case .trace: "TRACE"
    case .debug: "DEBUG"
    case .info: "INFO"
    case .notice: "NOTICE"
    case .warning: "WARNING"
    case .error: "ERROR"
    case .critical: "CRITICAL"
    }
  }
}
