import Foundation
package import OTLP

/// The resource of this process (OpenTelemetry's semantic conventions for resources).
package enum ProcessResource {
  /// - Parameter configuration: Its attributes beat what is found out here, and its service name
  ///   beats theirs.
  package static func make(_ configuration: TelemetryConfiguration) -> ResourceMessage {
    var values: [String: AttributeValue] = [
      "service.instance.id": .string(UUID().uuidString.lowercased()),
      "telemetry.sdk.name": .string("ostack"),
      "telemetry.sdk.language": .string("swift"),
      "telemetry.sdk.version": .string(TelemetryVersion.current),
    ]
    let process = ProcessInfo.processInfo
    let executable = process.arguments.first.map { URL(fileURLWithPath: $0).lastPathComponent }
    values["service.name"] = .string(
      executable.map { "unknown_service:\($0)" } ?? "unknown_service")
    if configuration.resourceDetectors.contains(.process) {
      values["process.pid"] = .int(Int64(process.processIdentifier))
      values["process.runtime.name"] = .string("swift")
      if let executable { values["process.executable.name"] = .string(executable) }
    }
    if configuration.resourceDetectors.contains(.host) {
      values["host.name"] = .string(process.hostName)
      values["host.arch"] = .string(architecture)
    }
    if configuration.resourceDetectors.contains(.os) {
      values["os.type"] = .string("linux")
      values["os.description"] = .string(process.operatingSystemVersionString)
    }
    for (key, value) in configuration.resourceAttributes { values[key] = .string(value) }
    if let name = configuration.serviceName { values["service.name"] = .string(name) }
    return ResourceMessage(
      attributes: values.sorted { $0.key < $1.key }.map { Attribute($0.key, $0.value) })
  }

  private static var architecture: String {
    #if arch(arm64)
      "arm64"
    #else
      "amd64"
    #endif
  }
}
