import HTTP1
package import HTTPClient
import HTTPTypes
import OTLP
import Sockets

/// Asks the parts of the stack, one bounded question at a time.
package struct CheckClient: Sendable {
  /// How long one request may take, within its hop's deadline.
  package static let requestTimeout = Duration.seconds(5)
  private let client: HTTPClient

  package init(_ client: HTTPClient) { self.client = client }

  /// Sends a request and receives its answer, of any status.
  func send(
    _ request: ClientRequest, deadline: MonotonicInstant
  ) async throws(Obstacle) -> ClientResponse {
    let limit = min(deadline, .now() + Self.requestTimeout)
    do throws(HTTPClientError) {
      return try await client.send(request, deadline: limit)
    } catch {
      throw Obstacle("\(request.method) \(Self.place(request.url)): \(error)")
    }
  }

  /// Sends a request whose answer has to be a 2xx.
  func succeed(
    _ request: ClientRequest, deadline: MonotonicInstant
  ) async throws(Obstacle) -> ClientResponse {
    let response = try await send(request, deadline: deadline)
    guard response.status.kind == .successful else {
      throw Obstacle(
        "\(request.method) \(Self.place(request.url)) answered \(response.status.code)"
          + Self.quote(response.body))
    }
    return response
  }

  /// Asks for a JSON document.
  func json(
    _ request: ClientRequest, deadline: MonotonicInstant
  ) async throws(Obstacle) -> JSONNode {
    let response = try await succeed(request, deadline: deadline)
    guard let document = JSONNode(parsing: response.body) else {
      throw Obstacle(
        "\(request.method) \(Self.place(request.url)) answered what is not JSON"
          + Self.quote(response.body))
    }
    return document
  }

  /// A URL as a person can read it in a line: without its query.
  private static func place(_ url: HTTPURL) -> String {
    url.origin + url.target.prefix { $0 != "?" }
  }

  /// The beginning of an answer, behind a colon.
  private static func quote(_ body: [UInt8]) -> String {
    let text = String(oneLine: String(decoding: body.prefix(2048), as: UTF8.self))
    return text.isEmpty ? "" : ": \(text)"
  }
}
