import Bytes
import Gzip
import HTTP1
import HTTPClient
import HTTPTypes
package import Sockets
import Synchronization
import TLS

/// OTLP over HTTP/1.1, by the project's own client, which makes no telemetry of its own.
package final class HTTPTransport: OTLPTransport {
  private let otlp: TelemetryConfiguration.OTLP
  private let url: HTTPURL
  private let loop: EventLoop
  private let client = Mutex<HTTPClient?>(nil)

  /// - Parameters:
  ///   - otlp: The receiver, and what its connections need.
  ///   - loop: The telemetry loop, on which requests are sent.
  package init(_ otlp: TelemetryConfiguration.OTLP, loop: EventLoop) {
    self.otlp = otlp
    self.loop = loop
    let endpoint = otlp.endpoint
    url = HTTPURL(
      scheme: endpoint.scheme == .http ? .http : .https, host: endpoint.host,
      port: UInt16(endpoint.port), target: endpoint.path)
  }

  package func send(
    _ request: OTLPRequest, deadline: MonotonicInstant
  ) async throws(OTLPTransportError) -> OTLPResponse {
    let client = try connectedClient()
    var fields = request.headers.compactMap { header in
      HTTPField.Name(header.name).map { HTTPField(name: $0, value: header.value) }
    }
    fields.append(HTTPField(name: .contentType, value: request.contentType))
    fields.append(HTTPField(name: .acceptEncoding, value: "gzip"))
    if let encoding = request.contentEncoding {
      fields.append(HTTPField(name: .contentEncoding, value: encoding))
    }
    let response: ClientResponse
    do throws(HTTPClientError) {
      // Retrying is the exporter's; but a connection that was closed while unused is no failure.
      response = try await client.send(
        ClientRequest(.post, url, fields: fields, body: request.body, isIdempotent: true),
        deadline: deadline)
    } catch {
      throw Self.transportError(error)
    }
    return OTLPResponse(
      status: response.status.code, retryAfter: response.head[.retryAfter],
      contentType: response.head[.contentType], body: try decoded(response))
  }

  /// The response's content without its coding.
  /// - Throws: `invalidResponse` for more than may be read, and for what is no gzip.
  private func decoded(_ response: ClientResponse) throws(OTLPTransportError) -> [UInt8] {
    guard response.head[.contentEncoding]?.lowercased() == "gzip", !response.body.isEmpty else {
      return response.body
    }
    var content = ByteQueue()
    do throws(GzipError) {
      try Gzip.decode(
        response.body.span, limits: GzipLimits(outputBytesMax: otlp.responseBytesMax),
        into: &content)
    } catch {
      throw .invalidResponse("its content is not what it says (\(error))")
    }
    return content.array()
  }

  /// The client, made when it is first needed: certificates that cannot be read are looked for again
  /// at the next attempt, and then the process may start before they are there.
  private func connectedClient() throws(OTLPTransportError) -> HTTPClient {
    if let known = client.withLock({ $0 }) { return known }
    var configuration = HTTPClientConfiguration()
    configuration.userAgent = "OTel-OTLP-Exporter-Swift/\(TelemetryVersion.current)"
    configuration.limits.bodyBytesMax = otlp.responseBytesMax
    configuration.tls = try tlsContext()
    configuration.proxies = otlp.proxies
    let made = HTTPClient(configuration: configuration, homeLoop: loop)
    client.withLock { $0 = made }
    return made
  }

  /// What the configured files say; nil for none, or where they are not needed.
  private func tlsContext() throws(OTLPTransportError) -> TLSClientContext? {
    guard otlp.endpoint.scheme == .https else { return nil }
    var configuration = TLSClientConfiguration()
    if let file = otlp.trustedCertificatesFile {
      configuration.verification = .full(.authorities(.file(file)))
    }
    switch (otlp.clientCertificateFile, otlp.clientKeyFile) {
    case (nil, nil): if otlp.trustedCertificatesFile == nil { return nil }
    case (let certificate?, let key?):
      configuration.identity = TLSIdentity(
        certificateChainFile: certificate, privateKeyFile: key)
    default: throw .connectionFailed("of the client's certificate and key, only one is configured")
    }
    do throws(TLSError) { return try TLSClientContext(configuration) } catch {
      throw .connectionFailed("\(error)")
    }
  }

  private static func transportError(_ error: HTTPClientError) -> OTLPTransportError {
    switch error {
    case .resolutionFailed, .overloaded: .connectionFailed(error.description)
    case .connectionFailed(_, let reason): .connectionFailed("\(reason)")
    case .tunnelRefused: .connectionFailed(error.description)
    case .timedOut(.connecting), .timedOut(.securing): .connectionFailed(error.description)
    case .timedOut: .timedOut
    case .cancelled: .cancelled
    case .disconnected: .connectionClosed
    case .protocolViolation, .invalidRequest, .redirectRefused: .invalidResponse(error.description)
    }
  }
}
