import Sockets
import Testing

@testable import Telemetry

@Suite("HTTPS transport", .timeLimit(.minutes(1)))
struct SecureTransportTests {
  private func send(
    to collector: SecureCollector, _ change: (inout TelemetryConfiguration.OTLP) -> Void
  ) async throws -> Result<String, OTLPTransportError> {
    let loop = try EventLoop(name: "test")
    var otlp = TelemetryConfiguration.OTLP(signal: .traces)
    otlp.endpoint = try OTLPEndpoint(parsing: collector.endpoint)
    change(&otlp)
    let transport = HTTPTransport(otlp, loop: loop)
    let request = OTLPRequest(
      endpoint: otlp.endpoint, contentType: "application/x-protobuf", contentEncoding: nil,
      headers: [], body: [1], responseBytesMax: 1_000)
    return await loop.run {
      do throws(OTLPTransportError) {
        let response = try await transport.send(request, deadline: .now() + .seconds(30))
        return .success(String(decoding: response.body, as: UTF8.self))
      } catch { return .failure(error) }
    }
  }

  private func isRefused(_ result: Result<String, OTLPTransportError>, because part: String) -> Bool {
    guard case .failure(.connectionFailed(let reason)) = result else { return false }
    return reason.contains(part)
  }

  @Test("a configured authority is trusted, and nobody else")
  func trust() async throws {
    let collector = try SecureCollector(demandsCertificate: false)
    let trusted = try await send(to: collector) {
      $0.trustedCertificatesFile = collector.path("ca.pem")
    }
    #expect(trusted == .success("nobody"))
    let system = try await send(to: collector) { _ in }
    #expect(isRefused(system, because: "certificate"), "\(system)")
    let other = try await send(to: collector) {
      $0.trustedCertificatesFile = collector.path("client.pem")
    }
    #expect(isRefused(other, because: "certificate"), "\(other)")
  }

  @Test("a client's certificate is shown; one file alone is not enough")
  func clientCertificate() async throws {
    let collector = try SecureCollector(demandsCertificate: true)
    let shown = try await send(to: collector) {
      $0.trustedCertificatesFile = collector.path("ca.pem")
      $0.clientCertificateFile = collector.path("client.pem")
      $0.clientKeyFile = collector.path("client.key")
    }
    #expect(shown == .success("client"))
    let half = try await send(to: collector) {
      $0.trustedCertificatesFile = collector.path("ca.pem")
      $0.clientKeyFile = collector.path("client.key")
    }
    #expect(isRefused(half, because: "only one is configured"))
    let none = try await send(to: collector) {
      $0.trustedCertificatesFile = collector.path("ca.pem")
    }
    #expect(throws: OTLPTransportError.self) { try none.get() }
  }

  @Test("files that cannot be used are a failure that may pass: they are read again")
  func files() async throws {
    let collector = try SecureCollector(demandsCertificate: false)
    let missing = try await send(to: collector) { $0.trustedCertificatesFile = "/nowhere/ca.pem" }
    #expect(isRefused(missing, because: "/nowhere/ca.pem"), "\(missing)")
    let wrong = try await send(to: collector) {
      $0.trustedCertificatesFile = collector.path("ca.pem")
      $0.clientCertificateFile = collector.path("client.pem")
      $0.clientKeyFile = collector.path("localhost.key")
    }
    #expect(isRefused(wrong, because: "key"), "\(wrong)")
  }
}
