import HTTP1
import HTTPServer
import ServiceKit
import Testing

/// Every limit and deadline of the server has a variable of its own.
@Suite struct ServerSettingTests {
  private typealias Variable = (
    name: String, value: Int, of: @Sendable (HTTPServerConfiguration) -> Int
  )

  private static let variables: [Variable] =
    [
      ("HTTP_REQUEST_LINE_BYTES_MAX", 1001, { $0.limits.requestLineBytesMax }),
      ("HTTP_FIELD_SECTION_BYTES_MAX", 1002, { $0.limits.fieldSectionBytesMax }),
      ("HTTP_FIELD_COUNT_MAX", 1003, { $0.limits.fieldCountMax }),
      ("HTTP_BODY_BYTES_MAX", 1004, { $0.limits.bodyBytesMax }),
      ("HTTP_CHUNK_EXTENSION_BYTES_MAX", 1005, { $0.limits.chunkExtensionBytesMax }),
      ("HTTP_TRAILER_BYTES_MAX", 1006, { $0.limits.trailerBytesMax }),
      ("HTTP_TRAILER_COUNT_MAX", 1007, { $0.limits.trailerCountMax }),
      ("HTTP_LEADING_EMPTY_LINES_MAX", 108, { $0.limits.leadingEmptyLinesMax }),
      ("HTTP_BODY_BYTES_PER_SECOND_MIN", 1009, { $0.bodyBytesPerSecondMin }),
      ("HTTP_WRITE_BYTES_PER_SECOND_MIN", 1010, { $0.writeBytesPerSecondMin }),
      ("HTTP_WAITING_BYTES_MAX", 100_011, { $0.waitingBytesMax }),
      ("HTTP_RECEIVE_BYTES_MAX", 1012, { $0.receiveBytesMax }),
      ("HTTP_SEND_BUFFER_BYTES_MAX", 1013, { $0.sendBufferBytesMax }),
      ("HTTP_CONNECTIONS_MAX", 1014, { $0.connectionsMax }),
      ("HTTP_REQUESTS_PER_CONNECTION_MAX", 1015, { $0.requestsPerConnectionMax }),
      ("HTTP_HEAD_TIMEOUT", 1016, { milliseconds($0.headTimeout) }),
      ("HTTP_BODY_TIMEOUT", 1017, { milliseconds($0.bodyTimeout) }),
      ("HTTP_BODY_RATE_GRACE", 1018, { milliseconds($0.bodyRateGrace) }),
      ("HTTP_HANDLER_TIMEOUT", 1019, { milliseconds($0.handlerTimeout) }),
      ("HTTP_KEEP_ALIVE_TIMEOUT", 1020, { milliseconds($0.keepAliveTimeout) }),
      ("HTTP_WRITE_TIMEOUT", 1021, { milliseconds($0.writeTimeout) }),
      ("HTTP_HANDSHAKE_TIMEOUT", 1022, { milliseconds($0.handshakeTimeout) }),
      ("HTTP_LINGER_TIMEOUT", 1023, { milliseconds($0.lingerTimeout) }),
      ("HTTP_ACCEPT_PAUSE", 1024, { milliseconds($0.acceptPause) }),
      ("HTTP_DRAIN_IDLE_GRACE", 1025, { milliseconds($0.drainIdleGrace) }),
    ]

  private static func milliseconds(_ duration: Duration) -> Int {
    Int(duration / .milliseconds(1))
  }

  /// Each changes its own value and no other.
  @Test func eachHasItsOwn() throws {
    let defaults = try ServerSetting.read(Settings(environment: [:]))
    for (name, value, _) in Self.variables {
      let configuration = try ServerSetting.read(Settings(environment: [name: "\(value)"]))
      for (other, _, read) in Self.variables {
        #expect(read(configuration) == (other == name ? value : read(defaults)), "\(name), \(other)")
      }
    }
  }

  /// What is not set is as the server has it.
  @Test func theDefaultsAreTheServers() throws {
    let (read, own) = (try ServerSetting.read(Settings(environment: [:])), HTTPServerConfiguration())
    for (name, _, value) in Self.variables { #expect(value(read) == value(own), "\(name)") }
  }

  @Test func allAreKnownHere() throws {
    let settings = Settings(environment: [:])
    _ = try ServerSetting.read(settings)
    #expect(Set(settings.read.map(\.name)) == Set(Self.variables.map(\.name)))
  }

  @Test func whatCannotBeUsedIsRefused() {
    for (name, _, _) in Self.variables {
      for text in ["-1", "x", "1.5", "99999999999999999999"] {
        #expect(throws: SettingError.self, "\(name)=\(text)") {
          try ServerSetting.read(Settings(environment: [name: text]))
        }
      }
    }
  }
}
