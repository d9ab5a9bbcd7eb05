import HTTP1
package import HTTPClient
package import HTTPServer
package import HTTPTypes
package import Sockets

/// Routes on a server of their own, on a free port of this machine.
package final class TestServer: Sendable {
  /// An answer as a client sees it.
  package struct Answer: Hashable, Sendable {
    package let status: Int
    package let body: String
    package let fields: [HTTPField.Name: String]

    package subscript(name: HTTPField.Name) -> String? { fields[name] }
  }

  package let loop: EventLoop
  package let server: HTTPServer
  package let url: HTTPURL
  private let client: HTTPClient

  package init(
    middleware: [any Middleware] = [], _ addRoutes: (inout Router) -> Void
  ) async throws {
    loop = try EventLoop(name: "test-server")
    var router = Router()
    addRoutes(&router)
    server = HTTPServer(loops: [loop], router: router, middleware: middleware)
    guard let any = SocketAddress(numeric: "127.0.0.1", port: 0),
      let address = try await server.listen(on: [any]).first
    else { throw CancellationError() }
    url = HTTPURL(scheme: .http, host: "127.0.0.1", port: address.port)
    client = HTTPClient(homeLoop: try EventLoop(name: "test-client"))
  }

  /// Sends a request and receives its answer, within half a minute.
  package func send(
    _ method: HTTPRequest.Method, _ target: String, _ fields: [HTTPField] = []
  ) async throws -> Answer {
    let response = try await client.send(
      ClientRequest(method, url.appending(target), fields: fields),
      deadline: .now() + .seconds(30))
    var all: [HTTPField.Name: String] = [:]
    for field in response.head.fields.httpFields { all[field.name] = field.value }
    return Answer(
      status: response.status.code, body: String(decoding: response.body, as: UTF8.self),
      fields: all)
  }

  package func stop() async {
    await client.closeIdleConnections()
    _ = await server.drain(deadline: .now() + .seconds(10))
  }
}
