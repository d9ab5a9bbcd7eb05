import Glibc
import HTTP1
import HTTPServer
import HTTPTypes
import Sockets
import TLS
import Testing

/// A server with a certificate that nobody but its own clients trusts.
struct SecureServer: Sendable {
  let port: UInt16
  let server: HTTPServer

  /// For `localhost` and 127.0.0.1; made by the `openssl` command, key and certificate in one text.
  static let identityText: [UInt8] = {
    let command = """
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
      -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
      -keyout /dev/stdout -out /dev/stdout 2>/dev/null
      """
    guard let pipe = popen(command, "r") else { return [] }
    defer { pclose(pipe) }
    var text: [UInt8] = []
    while case let byte = fgetc(pipe), byte != EOF { text.append(UInt8(byte)) }
    return text
  }()

  static func serverContext() throws -> TLSServerContext {
    try TLSServerContext(
      TLSServerConfiguration(identities: [
        TLSIdentity(certificateChain: .bytes(identityText), privateKey: .bytes(identityText))
      ]))
  }

  /// Trusts that certificate alone.
  static func clientContext() throws -> TLSClientContext {
    try TLSClientContext(
      TLSClientConfiguration(verification: .full(.authorities(.bytes(identityText)))))
  }

  static func run<R>(
    routes: (inout Router) -> Void, _ body: (SecureServer) async throws -> R
  ) async throws -> R {
    var configuration = HTTPServerConfiguration()
    configuration.tls = try serverContext()
    configuration.lingerTimeout = .milliseconds(50)
    var router = Router()
    routes(&router)
    let loop = try EventLoop(name: "server")
    let server = HTTPServer(configuration: configuration, loops: [loop], router: router)
    let any = try #require(SocketAddress(numeric: "127.0.0.1", port: 0))
    let port = try #require(try await server.listen(on: [any]).first?.port)
    let result: Result<R, any Error>
    do {
      result = .success(try await body(SecureServer(port: port, server: server)))
    } catch {
      result = .failure(error)
    }
    _ = await server.drain(deadline: .now())
    await loop.run {}
    loop.stop()
    return try result.get()
  }
}
