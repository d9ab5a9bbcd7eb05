import Bytes
import Glibc
import HTTP1
import HTTPTypes
import Sockets

/// Asks a proxy for a connection to a server (CONNECT, RFC 9110 §9.3.6).
enum ProxyTunnel {
  /// Returns when what is sent over `socket` reaches the server of `url`.
  /// - Throws: `HTTPClientError` for the proxy's refusal, `StreamError` for the socket's.
  static func open(
    to url: HTTPURL, through proxy: HTTPProxy, over socket: TCPStream,
    _ configuration: HTTPClientConfiguration, deadline: MonotonicInstant
  ) async throws {
    // With its port always (RFC 9112 §3.2.3).
    let name = url.host.contains(":") ? "[\(url.host)]" : url.host
    let target = "\(name):\(url.port)"
    var output = ByteQueue(capacity: 512)
    try MessageEncoder.appendRequestLine(.connect, target: target, to: &output)
    try MessageEncoder.appendField("host", target, to: &output)
    try MessageEncoder.appendField("user-agent", configuration.userAgent, to: &output)
    if let authorization = proxy.authorization {
      try MessageEncoder.appendField("proxy-authorization", authorization, to: &output)
    }
    MessageEncoder.appendEndOfHead(to: &output)
    try await socket.sendAll(&output, deadline: deadline)

    do {
      try await receiveAnswer(over: socket, configuration.limits, deadline: deadline)
    } catch let error as HTTPProtocolError {
      throw HTTPClientError.protocolViolation(error)
    }
  }

  private static func receiveAnswer(
    over socket: TCPStream, _ limits: HTTPLimits, deadline: MonotonicInstant
  ) async throws {
    var decoder = ResponseDecoder(limits: limits)
    decoder.begin(.connect)
    var input = ByteQueue(capacity: 1024)
    while true {
      if case .head(let head) = try decoder.next(&input) {
        if head.isInterim { continue }
        guard head.status.kind == .successful else {
          throw HTTPClientError.tunnelRefused(head.status)
        }
        // The server waits for us to begin: what is here already is not from it.
        guard input.isEmpty else { throw HTTPProtocolError.unsolicitedResponse }
        return
      }
      switch try socket.receive(into: &input, atMost: 1024) {
      case .received: break
      case .wouldBlock: try await socket.waitUntilReadable(deadline: deadline)
      case .endOfStream:
        throw StreamError.system(SystemError(call: "recv", code: ECONNRESET))
      }
    }
  }
}
