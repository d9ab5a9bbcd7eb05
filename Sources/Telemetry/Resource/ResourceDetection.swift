package import OTLP

/// Finds out what can be known about the process and its surroundings (OpenTelemetry's semantic
/// conventions for resources). What cannot be found out is left out.
package struct ResourceDetection: Sendable {
  let files: SystemFiles

  package init(files: SystemFiles = SystemFiles()) { self.files = files }

  /// What `detector` finds.
  package func attributes(
    of detector: TelemetryConfiguration.ResourceDetector
  ) -> [Attribute] {
    switch detector {
    case .service: service()
    case .process: process()
    case .processArguments: processArguments()
    case .host: host()
    case .os: operatingSystem()
    case .container: container()
    }
  }

  /// An id of its own for every process (RFC 9562, version 4).
  private func service() -> [Attribute] {
    [Attribute("service.instance.id", .string(UniqueID.random()))]
  }

  /// The last part of a path.
  static func baseName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? ""
  }
}

extension TelemetryConfiguration {
  /// Where the names of the attributes are defined.
  package static let schemaURL = "https://opentelemetry.io/schemas/1.44.0"

  /// The resource of this process: what is detected, over that ``resourceAttributes``, over that
  /// ``serviceName``.
  package func makeResource(_ detection: ResourceDetection = .init()) -> ResourceMessage {
    var values: [String: AttributeValue] = [
      "service.name": .string(detection.fallbackServiceName),
      "telemetry.sdk.name": "ostack",
      "telemetry.sdk.language": "swift",
      "telemetry.sdk.version": .string(TelemetryVersion.current),
    ]
    for detector in ResourceDetector.allCases where resourceDetectors.contains(detector) {
      for attribute in detection.attributes(of: detector) {
        values[attribute.key] = attribute.value
      }
    }
    for (key, value) in resourceAttributes { values[key] = .string(value) }
    if let serviceName { values["service.name"] = .string(serviceName) }
    return ResourceMessage(
      attributes: values.sorted { $0.key < $1.key }.map { Attribute($0.key, $0.value) },
      schemaURL: Self.schemaURL)
  }
}
