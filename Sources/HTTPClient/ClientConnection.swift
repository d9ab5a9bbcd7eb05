import Bytes
import HTTP1
import HTTPTypes
import Sockets

/// One connection of a client: one exchange after another.
final class ClientConnection {
  private let stream: any ClientStream
  /// Who is at the other end.
  let peerAddress: SocketAddress?
  /// Whom requests are sent to in place of the server, in a form of their own; nil for the server
  /// itself, and for a tunnel to it.
  private let proxy: HTTPProxy?
  private let configuration: HTTPClientConfiguration
  private var decoder: ResponseDecoder
  private var input = ByteQueue(capacity: 4096)
  private var output = ByteQueue(capacity: 1024)
  /// Whether it has carried an exchange before.
  private(set) var isReused = false
  /// Since when nobody uses it.
  var idleSince = MonotonicInstant.distantFuture

  private static let receiveBytesMax = 16_384
  private static let host = HTTPField.Name("host")

  init(
    stream: any ClientStream, peerAddress: SocketAddress?, proxy: HTTPProxy?,
    configuration: HTTPClientConfiguration
  ) {
    self.stream = stream
    self.peerAddress = peerAddress
    self.proxy = proxy
    self.configuration = configuration
    decoder = ResponseDecoder(limits: configuration.limits)
  }

  /// Whether it can carry another exchange; asks the system.
  var isUsable: Bool { input.isEmpty && stream.isIdleAndOpen }

  func close() { stream.close() }

  /// Sends a request and receives its response.
  /// - Returns: The response, and whether another exchange can follow.
  func exchange(
    _ request: ClientRequest, deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> (response: ClientResponse, isReusable: Bool) {
    try encode(request)
    decoder.begin(request.method)
    var isSent = true
    do throws(StreamError) {
      try await stream.sendAll(&output, deadline: deadline)
    } catch {
      // Who refuses a request answers without reading it to the end, and closes.
      guard case .system = error else { throw Self.clientError(error, .exchanging) }
      isSent = false
    }
    let (head, body) = try await receive(deadline: deadline)
    isReused = true
    let response = ClientResponse(head: head, body: body, peerAddress: peerAddress)
    return (response, isSent && head.keepAlive && input.isEmpty)
  }

  private func encode(_ request: ClientRequest) throws(HTTPClientError) {
    output.removeAll()
    do throws(HTTPProtocolError) {
      // A proxy is sent the absolute form (RFC 9112 §3.2.2).
      let target = proxy == nil ? request.url.target : request.url.description
      try MessageEncoder.appendRequestLine(request.method, target: target, to: &output)
      try MessageEncoder.appendField("host", request.url.authority, to: &output)
      try MessageEncoder.appendField("user-agent", configuration.userAgent, to: &output)
      if let authorization = proxy?.authorization {
        try MessageEncoder.appendField("proxy-authorization", authorization, to: &output)
      }
      for field in request.fields {
        // A second Host would be refused, or taken for the first.
        guard field.name != Self.host else { throw HTTPProtocolError.invalidOwnField }
        try MessageEncoder.appendField(field, to: &output)
      }
    } catch {
      throw .invalidRequest(error)
    }
    if !request.body.isEmpty || request.method == .post || request.method == .put {
      output.append("content-length: " as StaticString)
      output.append(decimal: request.body.count)
      output.append("\r\n" as StaticString)
    }
    output.append("\r\n" as StaticString)
    output.append(request.body)
  }

  private func receive(
    deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> (ResponseHead, [UInt8]) {
    var head: ResponseHead?
    var body: [UInt8] = []
    let firstByteDeadline = min(deadline, .now() + configuration.firstByteTimeout)
    while true {
      switch try decode() {
      case .head(let decoded): head = decoded
      case .body(let count):
        body += input.array(0..<count)
        input.consume(count)
      case .end:
        guard let head else { throw .protocolViolation(.badStatusLine) }
        return (head, body)
      case .needMoreBytes:
        let isContinued = try await hasReceivedNothing
          ? receiveMore(.awaitingResponse, deadline: firstByteDeadline)
          : receiveMore(.exchanging, deadline: deadline)
        if isContinued { continue }
        do throws(HTTPProtocolError) {
          _ = try decoder.finish()
        } catch {
          throw .disconnected(nil)
        }
        guard let head else { throw .disconnected(nil) }
        return (head, body)
      }
    }
  }

  private func decode() throws(HTTPClientError) -> ResponseDecoder.Event {
    do throws(HTTPProtocolError) {
      return try decoder.next(&input)
    } catch {
      throw .protocolViolation(error)
    }
  }

  /// - Returns: false at the end of the stream.
  private func receiveMore(
    _ phase: HTTPClientError.Phase, deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> Bool {
    while true {
      do throws(StreamError) {
        switch try stream.receive(into: &input, atMost: Self.receiveBytesMax) {
        case .received: return true
        case .endOfStream: return false
        case .wouldBlock: try await stream.waitUntilReadable(deadline: deadline)
        }
      } catch {
        throw Self.clientError(error, phase)
      }
    }
  }

  /// Whether nothing of a response has come: then a connection that broke may only have been stale.
  var hasReceivedNothing: Bool { !decoder.hasBegun && input.isEmpty }

  private static func clientError(
    _ error: StreamError, _ phase: HTTPClientError.Phase
  ) -> HTTPClientError {
    switch error {
    case .timedOut: .timedOut(phase)
    case .cancelled: .cancelled
    case .closed, .system, .security: .disconnected(error)
    }
  }
}
