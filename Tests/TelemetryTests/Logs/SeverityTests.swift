import Logging
import OTLPOracle
import Testing

@testable import Telemetry

@Suite("Severities")
struct SeverityTests {
  @Test(
    "levels have the numbers of the log data model",
    arguments: [
      (.trace, 1, "TRACE"), (.debug, 5, "DEBUG"), (.info, 9, "INFO"), (.notice, 10, "NOTICE"),
      (.warning, 13, "WARNING"), (.error, 17, "ERROR"), (.critical, 21, "CRITICAL"),
    ] as [(Logger.Level, UInt8, String)])
  func levels(level: Logger.Level, number: UInt8, text: String) {
    #expect(level.severityNumber == number && level.severityText == text)
  }

  @Test("a record of each level, in both destinations", arguments: Logger.Level.allCases)
  func records(level: Logger.Level) async throws {
    let fixture = try LogFixture()
    fixture.logger().log(level: level, "hello")
    let line = try #require(try await fixture.objects().first)
    #expect(line["level"].string == level.severityText)
    let record = try #require(try fixture.records().first?.record)
    #expect(record["severity_number"].int == Int(level.severityNumber))
    #expect(record["severity_text"].string == level.severityText)
  }
}
