import Gzip
import HTTP1
import HTTPServer
import Logging
import ServiceKit
import Testing

@Suite struct ServiceConfigurationTests {
  private func configuration(
    _ environment: [String: String]
  ) throws(SettingError) -> ServiceConfiguration {
    try ServiceConfiguration(
      serviceName: "test-service", variablePrefix: "TEST", defaultPort: 1234, coreCount: 3,
      settings: Settings(environment: environment))
  }

  @Test func defaults() throws {
    let configuration = try configuration([:])
    #expect(configuration.serviceName == "test-service")
    #expect((configuration.host, configuration.port) == ("localhost", 1234))
    #expect(configuration.dataDirectory == "data")
    #expect(configuration.environmentName == "dev")
    #expect(configuration.logLevel == .info)
    #expect(configuration.eventLoopCount == 3)
    #expect(configuration.shutdownTimeout == .seconds(5))
    #expect(configuration.isObserved)
    #expect(configuration.tls == nil)
    let server = HTTPServerConfiguration()
    #expect(configuration.server.headTimeout == server.headTimeout)
    #expect(configuration.server.limits.bodyBytesMax == server.limits.bodyBytesMax)
    #expect((configuration.hostVariable, configuration.portVariable) == ("TEST_HOST", "TEST_PORT"))
    #expect(configuration.contentCoding.encodersMax == 64)
    #expect(configuration.contentCoding.requestLimits.outputBytesMax == 1_048_576)
  }

  @Test func whatIsSet() throws {
    let configuration = try configuration([
      "TEST_HOST": "*", "TEST_PORT": "0", "DATA_DIRECTORY": "/d", "APP_ENV": "prod \"1\"",
      "LOG_LEVEL": "TRACE", "EVENT_LOOPS": "256", "SHUTDOWN_TIMEOUT": "1", "TELEMETRY": "Off",
      "HTTP_REQUEST_LINE_BYTES_MAX": "64", "HTTP_FIELD_SECTION_BYTES_MAX": "256",
      "HTTP_COMPRESSED_RESPONSES_MAX": "8", "HTTP_FIELD_COUNT_MAX": "1", "HTTP_BODY_BYTES_MAX": "9", "HTTP_CONNECTIONS_MAX": "2",
      "HTTP_REQUESTS_PER_CONNECTION_MAX": "3", "HTTP_HEAD_TIMEOUT": "4", "HTTP_BODY_TIMEOUT": "5",
      "HTTP_KEEP_ALIVE_TIMEOUT": "6", "HTTP_WRITE_TIMEOUT": "7",
    ])
    #expect((configuration.host, configuration.port) == ("*", 0))
    #expect(configuration.dataDirectory == "/d")
    #expect(configuration.environmentName == "prod \"1\"")
    #expect(configuration.logLevel == .trace)
    #expect(configuration.eventLoopCount == 256)
    #expect(configuration.shutdownTimeout == .milliseconds(1))
    #expect(!configuration.isObserved)
    let server = configuration.server
    #expect(
      [
        server.limits.requestLineBytesMax, server.limits.fieldSectionBytesMax,
        server.limits.fieldCountMax, server.limits.bodyBytesMax, server.connectionsMax,
        server.requestsPerConnectionMax,
      ] == [64, 256, 1, 9, 2, 3])
    #expect(configuration.contentCoding.encodersMax == 8)
    // Compressed content has the limit of all content.
    #expect(configuration.contentCoding.requestLimits.outputBytesMax == 9)
    #expect(
      [server.headTimeout, server.bodyTimeout, server.keepAliveTimeout, server.writeTimeout]
        == [4, 5, 6, 7].map { .milliseconds($0) })
  }

  @Test(arguments: [
    ("TEST_PORT", ["-1", "65536", "http"]), ("LOG_LEVEL", ["loud", "warn"]),
    ("TELEMETRY", ["on", "true"]), ("EVENT_LOOPS", ["0", "257"]),
    ("SHUTDOWN_TIMEOUT", ["0", "3600001", "1s"]), ("HTTP_HEAD_TIMEOUT", ["0"]),
    ("HTTP_REQUEST_LINE_BYTES_MAX", ["63", "1048577"]), ("HTTP_BODY_BYTES_MAX", ["-1", "1073741825"]),
    ("HTTP_FIELD_SECTION_BYTES_MAX", ["255", "16777217"]), ("HTTP_FIELD_COUNT_MAX", ["0", "10001"]),
    ("HTTP_CONNECTIONS_MAX", ["0", "1000001"]), ("HTTP_COMPRESSED_RESPONSES_MAX", ["-1", "10001"]),
    ("HTTP_REQUESTS_PER_CONNECTION_MAX", ["0", "1000000001"]), ("HTTP_BODY_TIMEOUT", ["0"]),
    ("HTTP_KEEP_ALIVE_TIMEOUT", ["0"]), ("HTTP_WRITE_TIMEOUT", ["3600001"]),
  ])
  func whatCannotBeUsed(_ name: String, _ values: [String]) {
    for value in values {
      let error = #expect(throws: SettingError.self) { try configuration([name: value]) }
      #expect(error?.name == name)
      #expect(error?.problem.hasPrefix("'\(value)' is not ") == true)
    }
  }

  /// One without the other is not enough.
  @Test(arguments: [
    (["TEST_TLS_CERTIFICATE_FILE": "c"], "TEST_TLS_PRIVATE_KEY_FILE"),
    (["TEST_TLS_PRIVATE_KEY_FILE": "k"], "TEST_TLS_CERTIFICATE_FILE"),
    (["TEST_TLS_CLIENT_CA_FILE": "a"], "TEST_TLS_CERTIFICATE_FILE"),
  ])
  func halfOfTLS(_ environment: [String: String], _ missing: String) {
    let error = #expect(throws: SettingError.self) { try configuration(environment) }
    #expect(error?.name == missing)
    #expect(error?.problem == "is missing beside \(environment.keys.first ?? "")")
  }

  @Test func wholeTLS() throws {
    let tls = try #require(
      try configuration([
        "TEST_TLS_CERTIFICATE_FILE": "c", "TEST_TLS_PRIVATE_KEY_FILE": "k",
        "TEST_TLS_CLIENT_CA_FILE": "a",
      ]).tls)
    #expect(tls.files == ["c", "k", "a"])
    #expect(tls.variable == "TEST_TLS_CERTIFICATE_FILE")
  }
}
