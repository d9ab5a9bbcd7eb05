import HTTP1
import HTTPClient
import HTTPTypes
package import Sockets

/// OTLP over HTTP/1.1, by the project's own client, which makes no telemetry of its own.
package struct HTTPTransport: OTLPTransport {
  private let client: HTTPClient

  /// - Parameter loop: The telemetry loop, on which requests are sent.
  package init(loop: EventLoop) {
    var configuration = HTTPClientConfiguration()
    configuration.userAgent = "OTel-OTLP-Exporter-Swift/\(TelemetryVersion.current)"
    client = HTTPClient(configuration: configuration, homeLoop: loop)
  }

  package func send(
    _ request: OTLPRequest, deadline: MonotonicInstant
  ) async throws(OTLPTransportError) -> OTLPResponse {
    guard let url = HTTPURL(request.endpoint.description) else {
      throw .connectionFailed("\(request.endpoint) is no URL")
    }
    var fields = request.headers.compactMap { header in
      HTTPField.Name(header.name).map { HTTPField(name: $0, value: header.value) }
    }
    fields.append(HTTPField(name: .contentType, value: request.contentType))
    if let encoding = request.contentEncoding {
      fields.append(HTTPField(name: .contentEncoding, value: encoding))
    }
    do throws(HTTPClientError) {
      // Retrying is the exporter's; but a connection that was closed while unused is no failure.
      let response = try await client.send(
        ClientRequest(.post, url, fields: fields, body: request.body, isIdempotent: true),
        deadline: deadline)
      return OTLPResponse(
        status: response.status.code, retryAfter: response.head[.retryAfter],
        contentType: response.head[.contentType], body: response.body)
    } catch {
      throw Self.transportError(error)
    }
  }

  private static func transportError(_ error: HTTPClientError) -> OTLPTransportError {
    switch error {
    case .resolutionFailed, .overloaded: .connectionFailed(error.description)
    case .connectionFailed(_, let reason): .connectionFailed("\(reason)")
    case .timedOut(.connecting): .connectionFailed("timed out connecting")
    case .timedOut: .timedOut
    case .cancelled: .cancelled
    case .disconnected: .connectionClosed
    case .protocolViolation, .invalidRequest: .invalidResponse(error.description)
    }
  }
}
