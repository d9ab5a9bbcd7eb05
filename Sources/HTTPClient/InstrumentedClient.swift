import HTTP1
import HTTPTypes
package import Sockets
import Instrumentation
package import Metrics
import ServiceContextModule
package import Tracing

/// A client whose every attempt is a CLIENT span and a point of `http.client.request.duration`, and
/// carries the trace to the server (OpenTelemetry's semantic conventions for HTTP).
package struct InstrumentedClient: Sendable {
  private let client: HTTPClient
  private let timers: ClientTimers
  private let tracer: (any Tracer)?

  /// - Parameters:
  ///   - tracer: Of spans, and of what the server is sent of them; nil for the one that the task
  ///     has, or the process.
  ///   - factory: Of metrics; the process's by default.
  package init(
    _ client: HTTPClient, tracer: (any Tracer)? = nil,
    factory: any MetricsFactory = MetricsSystem.factory
  ) {
    self.client = client
    self.tracer = tracer
    timers = ClientTimers(factory: factory)
  }

  /// As `HTTPClient.send`. Each redirect that is followed is an attempt. The span ends when the
  /// response is complete.
  package func send(
    _ request: ClientRequest, deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> ClientResponse {
    var request = request
    while true {
      let response = try await attempt(request, deadline)
      guard let next = try request.redirected(by: response) else { return response }
      request = next
    }
  }

  private func attempt(
    _ request: ClientRequest, _ deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> ClientResponse {
    let tracer = tracer ?? InstrumentationSystem.tracer
    let span: any Span = tracer.startSpan(request.method.rawValue, ofKind: .client)
    defer { span.end() }
    if span.isRecording {
      span.attributes = [
        "http.request.method": .string(request.method.rawValue),
        "server.address": .string(request.url.host),
        "server.port": .int64(Int64(request.url.port)),
        "url.full": .string(Self.fullURL(request.url)),
      ]
      if request.resendCount > 0 {
        span.attributes["http.request.resend_count"] = request.resendCount
      }
    }
    var request = request
    tracer.inject(span.context, into: &request.fields, using: FieldInjector())
    let start = MonotonicInstant.now()
    do throws(HTTPClientError) {
      let response = try await client.sendOnce(request, deadline: deadline)
      note(response, on: span)
      timers.timer(request, status: response.status.code, error: nil).record(since: start)
      return response
    } catch {
      span.attributes["error.type"] = error.label
      span.setStatus(SpanStatus(code: .error, message: error.description))
      timers.timer(request, status: nil, error: error.label).record(since: start)
      throw error
    }
  }

  /// The URL without the secrets of its query.
  private static func fullURL(_ url: HTTPURL) -> String {
    guard let mark = url.target.firstIndex(of: "?") else { return url.description }
    let query = QueryRedaction.redact(String(url.target[url.target.index(after: mark)...]))
    return "\(url.origin)\(url.target[...mark])\(query)"
  }

  private func note(_ response: ClientResponse, on span: any Span) {
    guard span.isRecording else { return }
    span.updateAttributes { attributes in
      attributes["http.response.status_code"] = response.status.code
      attributes["network.protocol.version"] = response.head.version == .http11 ? "1.1" : "1.0"
      if let peer = response.peerAddress {
        attributes["network.peer.address"] = peer.host
        attributes["network.peer.port"] = Int(peer.port)
      }
      if response.status.code >= 400 { attributes["error.type"] = "\(response.status.code)" }
    }
    if response.status.code >= 400 { span.setStatus(SpanStatus(code: .error)) }
  }
}

/// Writes propagation fields into a request.
private struct FieldInjector: Injector {
  func inject(_ value: String, forKey key: String, into fields: inout [HTTPField]) {
    guard let name = HTTPField.Name(key) else { return }
    fields.removeAll { $0.name == name }
    fields.append(HTTPField(name: name, value: value))
  }
}
