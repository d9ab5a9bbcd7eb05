import FlyingFox
import FlyingSocks
import Foundation

/// Serves `GET /health` on a free port of 127.0.0.1 until it is told to stop.
@main
enum FlyingFoxBenchmark {
  static func main() async throws {
    let body = Data(#"{"status":"ok","environment":"dev","service_name":"order-service"}"#.utf8)
    let server = HTTPServer(
      address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled)
    await server.appendRoute("GET /health") { _ in
      HTTPResponse(statusCode: .ok, headers: [.contentType: "application/json"], body: body)
    }
    let serving = Task { try await server.run() }
    try await server.waitUntilListening()
    if case .ip4(_, let port)? = await server.listeningAddress {
      print(#"{"message":"listening","attributes":{"server.port":\#(port)}}"#)
      fflush(nil)
    }
    try await serving.value
  }
}
