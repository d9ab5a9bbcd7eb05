import Synchronization

/// A part of the module that tells about itself (OpenTelemetry semantic conventions, "SDK metrics").
public struct TelemetryComponent: Hashable, Sendable {
  public let signal: TelemetryConfiguration.Signal
  /// `otel.component.type`
  public let type: String
  /// `otel.component.name`: the type and a number, from 0, the same in every run.
  public let name: String
  /// `server.address` and `server.port`, of an exporter that sends over a network.
  public let serverAddress: String?
  public let serverPort: Int?

  /// A component with the next number of its type.
  init(
    _ type: String, _ signal: TelemetryConfiguration.Signal, serverAddress: String? = nil,
    serverPort: Int? = nil
  ) {
    let number = Self.numbers.withLock { numbers in
      defer { numbers[type, default: 0] += 1 }
      return numbers[type, default: 0]
    }
    self.signal = signal
    self.type = type
    name = "\(type)/\(number)"
    self.serverAddress = serverAddress
    self.serverPort = serverPort
  }

  private static let numbers = Mutex<[String: Int]>([:])

  static func processor(
    _ signal: TelemetryConfiguration.Signal, _ batching: TelemetryConfiguration.Batching
  ) -> TelemetryComponent {
    let kind = batching.batchRecordsMax == 1 ? "simple" : "batching"
    return TelemetryComponent("\(kind)_\(signal.componentWord)_processor", signal)
  }

  static func periodicReader() -> TelemetryComponent {
    TelemetryComponent("periodic_metric_reader", .metrics)
  }

  static func httpExporter(
    _ signal: TelemetryConfiguration.Signal, _ otlp: TelemetryConfiguration.OTLP
  ) -> TelemetryComponent {
    let encoding = otlp.transport == .httpJSON ? "http_json" : "http"
    return TelemetryComponent(
      "otlp_\(encoding)_\(signal.componentWord)_exporter", signal,
      serverAddress: otlp.endpoint.host, serverPort: otlp.endpoint.port)
  }

  /// - Parameter place: `stdout` or `file`.
  static func lineExporter(
    _ signal: TelemetryConfiguration.Signal, to place: String
  ) -> TelemetryComponent {
    TelemetryComponent("otlp_\(place)_\(signal.componentWord)_exporter", signal)
  }
}

extension TelemetryConfiguration.Signal {
  fileprivate var componentWord: String {
    switch self {
    case .traces: "span"
    case .metrics: "metric"
    case .logs: "log"
    }
  }
}
