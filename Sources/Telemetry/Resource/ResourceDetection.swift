import Logging
public import OTLP

/// Finds out what can be known about the process and its surroundings (OpenTelemetry's semantic
/// conventions for resources). What cannot be found out is left out.
public struct ResourceDetection: Sendable {
  let files: SystemFiles

  public init() { self.init(files: SystemFiles()) }

  package init(files: SystemFiles) { self.files = files }

  /// What `detector` finds.
  public func attributes(
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

  /// What `detector` finds, with the schema of the names.
  public func resource(
    of detector: TelemetryConfiguration.ResourceDetector
  ) -> ResourceMessage {
    let attributes = attributes(of: detector)
    return ResourceMessage(
      attributes: attributes,
      schemaURL: attributes.isEmpty ? "" : TelemetryConfiguration.schemaURL)
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
  public static let schemaURL = "https://opentelemetry.io/schemas/1.44.0"

  /// The resource of this process: what is detected, over that ``resourceAttributes``, over that
  /// ``serviceName``.
  /// - Parameters:
  ///   - detectors: The program's own, in order, over what the built-in ones find.
  ///   - log: Is told of detectors whose schema is another one than the module's.
  public func makeResource(
    detectors: [any ResourceDetecting] = [], log: DiagnosticLog = DiagnosticLog()
  ) -> ResourceMessage {
    makeResource(ResourceDetection(), detectors: detectors, log: log)
  }

  package func makeResource(
    _ detection: ResourceDetection, detectors: [any ResourceDetecting] = [],
    log: DiagnosticLog = DiagnosticLog()
  ) -> ResourceMessage {
    var resource = ResourceMessage(attributes: [
      Attribute("service.name", .string(detection.fallbackServiceName)),
      Attribute("telemetry.sdk.name", "ostack"),
      Attribute("telemetry.sdk.language", "swift"),
      Attribute("telemetry.sdk.version", .string(TelemetryVersion.current)),
    ], schemaURL: Self.schemaURL)
    for detector in ResourceDetector.allCases where resourceDetectors.contains(detector) {
      resource = resource.merging(detection.resource(of: detector))
    }
    var isConflicting = false
    for detector in detectors {
      let found = detector.detect()
      if resource.isSchemaConflicting(with: found) {
        isConflicting = true
        log.log(
          .warning,
          "a resource detector's attributes follow \(found.schemaURL), others "
            + "\(resource.schemaURL); the resource has no schema")
      }
      resource = resource.merging(found)
    }
    let own = resourceAttributes.map { Attribute($0.key, .string($0.value)) }
    resource = resource.merging(ResourceMessage(attributes: own))
    if let serviceName {
      resource = resource.merging(
        ResourceMessage(attributes: [Attribute("service.name", .string(serviceName))]))
    }
    resource.attributes.sort { $0.key < $1.key }
    if isConflicting { resource.schemaURL = "" }
    return resource
  }
}
