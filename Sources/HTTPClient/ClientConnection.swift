import Bytes
import HTTP1
import HTTPTypes
import Sockets

/// One connection of a client: one exchange after another.
final class ClientConnection {
  private let stream: any ClientStream
  /// Who is at the other end.
  let peerAddress: SocketAddress?
  private let limits: HTTPLimits
  private var decoder: ResponseDecoder
  private var input = ByteQueue(capacity: 4096)
  private var output = ByteQueue(capacity: 1024)
  /// Whether it has carried an exchange before.
  private(set) var isReused = false
  /// Since when nobody uses it.
  var idleSince = MonotonicInstant.distantFuture

  private static let receiveBytesMax = 16_384

  init(stream: any ClientStream, peerAddress: SocketAddress?, limits: HTTPLimits) {
    self.stream = stream
    self.peerAddress = peerAddress
    self.limits = limits
    decoder = ResponseDecoder(limits: limits)
  }

  /// Whether it can carry another exchange; asks the system.
  var isUsable: Bool { input.isEmpty && stream.isIdleAndOpen }

  func close() { stream.close() }

  /// Sends a request and receives its response.
  /// - Returns: The response, and whether another exchange can follow.
  func exchange(
    _ request: ClientRequest, userAgent: String, deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> (response: ClientResponse, isReusable: Bool) {
    try encode(request, userAgent)
    decoder.begin(request.method)
    do throws(StreamError) {
      try await stream.sendAll(&output, deadline: deadline)
    } catch {
      throw clientError(error)
    }
    let (head, body) = try await receive(deadline: deadline)
    isReused = true
    let response = ClientResponse(head: head, body: body, peerAddress: peerAddress)
    return (response, head.keepAlive && input.isEmpty)
  }

  private func encode(_ request: ClientRequest, _ userAgent: String) throws(HTTPClientError) {
    output.removeAll()
    do throws(HTTPProtocolError) {
      try MessageEncoder.appendRequestLine(
        request.method, target: request.url.target, to: &output)
      try MessageEncoder.appendField("host", request.url.authority, to: &output)
      try MessageEncoder.appendField("user-agent", userAgent, to: &output)
      for field in request.fields { try MessageEncoder.appendField(field, to: &output) }
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
        if try await receiveMore(deadline: deadline) { continue }
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
  private func receiveMore(deadline: MonotonicInstant) async throws(HTTPClientError) -> Bool {
    while true {
      do throws(StreamError) {
        switch try stream.receive(into: &input, atMost: Self.receiveBytesMax) {
        case .received: return true
        case .endOfStream: return false
        case .wouldBlock: try await stream.waitUntilReadable(deadline: deadline)
        }
      } catch {
        throw clientError(error)
      }
    }
  }

  /// Whether nothing of a response has come: then a connection that broke may only have been stale.
  var hasReceivedNothing: Bool { !decoder.hasBegun && input.isEmpty }

  private func clientError(_ error: StreamError) -> HTTPClientError {
    switch error {
    case .timedOut: .timedOut(.exchanging)
    case .cancelled: .cancelled
    case .closed, .system, .security: .disconnected(error)
    }
  }
}
