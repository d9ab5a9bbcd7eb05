import Bytes
import OTLP
import OTLPOracle
import Testing

@testable import Telemetry

@Suite("Resource")
struct ResourceTests {
  private func resource(
    _ environment: [String: String] = [:], _ change: (inout TelemetryConfiguration) -> Void = { _ in }
  ) throws -> [String: AttributeValue] {
    var configuration = TelemetryConfiguration()
    change(&configuration)
    #expect(configuration.apply(environment: environment) == [])
    let folder = try TemporaryFolder()
    try folder.link("proc/self/exe", to: "/opt/tool")
    let detection = ResourceDetection(files: SystemFiles(root: folder.path))
    let attributes = configuration.makeResource(detection).attributes
    #expect(attributes.map(\.key) == attributes.map(\.key).sorted())
    return Dictionary(uniqueKeysWithValues: attributes.map { ($0.key, $0.value) })
  }

  @Test("without anything: the SDK, and a name that says it is none")
  func minimum() throws {
    #expect(
      try resource(["OTEL_SWIFT_RESOURCE_DETECTORS": "none"]) == [
        "service.name": "unknown_service:tool", "telemetry.sdk.name": "ostack",
        "telemetry.sdk.language": "swift",
        "telemetry.sdk.version": .string(TelemetryVersion.current),
      ])
    let empty = ResourceDetection(files: SystemFiles(root: "/nowhere"))
    #expect(empty.fallbackServiceName == "unknown_service")
  }

  @Test(
    "the service's name: OTEL_SERVICE_NAME, then OTEL_RESOURCE_ATTRIBUTES, then the program",
    arguments: [
      (nil, nil, "code"), ("service.name=attribute", nil, "attribute"), (nil, "name", "name"),
      ("service.name=attribute", "name", "name"), ("service.name=attribute", "", "attribute"),
      ("", "", "code"), ("service.name=a%20b%2Cc", nil, "a b,c"),
    ] as [(String?, String?, String)])
  func serviceName(attributes: String?, name: String?, expected: String) throws {
    var environment: [String: String] = [:]
    environment["OTEL_RESOURCE_ATTRIBUTES"] = attributes
    environment["OTEL_SERVICE_NAME"] = name
    let values = try resource(environment) { $0.serviceName = "code" }
    #expect(values["service.name"] == .string(expected))
  }

  @Test("given attributes beat detected ones; the environment's beat the program's")
  func precedence() throws {
    let environment = ["OTEL_RESOURCE_ATTRIBUTES": "process.pid=x, a = 1 ,b=,service.version=2"]
    let values = try resource(environment) {
      $0.resourceAttributes = ["a": "code", "c": "code", "telemetry.sdk.name": "mine"]
    }
    #expect(values["process.pid"] == "x" && values["a"] == "1" && values["b"] == "")
    #expect(values["c"] == "code" && values["service.version"] == "2")
    #expect(values["telemetry.sdk.name"] == "mine")
  }

  @Test(
    "detectors are chosen by name",
    arguments: [
      ("process", ["process."]), ("host,os", ["host.", "os."]), ("service", ["service."]),
      ("none", []), ("process_arguments", []), ("container", []),
    ])
  func detectors(names: String, prefixes: [String]) throws {
    let keys = try resource(["OTEL_SWIFT_RESOURCE_DETECTORS": names]).keys.filter {
      $0 != "service.name" && !$0.hasPrefix("telemetry.sdk.")
    }
    for prefix in prefixes { #expect(keys.contains { $0.hasPrefix(prefix) }) }
    #expect(keys.allSatisfy { key in prefixes.contains { key.hasPrefix($0) } })
  }

  @Test("arguments, which may hold secrets, are not sent unasked")
  func secrets() {
    let keys = TelemetryConfiguration().makeResource().attributes.map(\.key)
    #expect(keys.contains("process.pid") && keys.contains("service.instance.id"))
    #expect(keys.contains("host.name") && keys.contains("os.type"))
    #expect(!keys.contains { $0.hasPrefix("process.command") })
  }

  @Test("the resource as OTLP: the official definitions read it, with its schema")
  func encoded() throws {
    var configuration = TelemetryConfiguration()
    configuration.resourceDetectors = [.processArguments]
    configuration.serviceName = "s"
    let resource = configuration.makeResource()
    var bytes = ByteQueue()
    let scope = ExportRequestEnvelope.Scope(InstrumentationScope(name: "x"))
    ExportRequestEnvelope(resource: resource).append(
      to: &bytes, groups: [ExportRequestEnvelope.Group(scope: scope, recordBytes: 0)]
    ) { _, _ in }
    let decoded = try OTLPOracle.decode("ExportTraceServiceRequest", bytes.array())
    let spans = decoded["resource_spans"][0]
    #expect(spans["schema_url"].string == "https://opentelemetry.io/schemas/1.44.0")
    let attributes = spans["resource"]["attributes"]
    #expect(attributes.attribute("service.name")["string_value"].string == "s")
    let arguments = attributes.attribute("process.command_args")["array_value"]["values"].list
    #expect(arguments.first?["string_value"].string?.isEmpty == false)
  }
}
