import Bytes
import HTTP1
import HTTPTypes
import Sockets

extension ServerConnection {
  /// Answers an error once, if the message allows it, and ends the connection.
  func refuse(_ error: HTTPServerError) async {
    if error.isPeerFault { loop.onPeerFault?(error) }
    if case .handshakeFailed = error { return }
    do throws(HTTPServerError) {
      if let status = error.status, !hasAnswered {
        try appendRefusal(.problem(status, detail: status.reasonPhrase))
      }
      // Answers to earlier requests may be waiting, too: what this one did is not their fault.
      try await flush()
      // Where the connection's end is the content's, only a reset tells that this is not it.
      if isEndedByClosing { return stream.reset() }
      await linger()
    } catch {
      // The peer does not even take the refusal.
      stream.reset()
    }
  }

  private func appendRefusal(_ answer: ServerResponse) throws(HTTPServerError) {
    guard case .bytes(let bytes) = answer.body else { return }
    do throws(HTTPProtocolError) {
      try loop.appendHead(
        answer, framing: .length(bytes.count), version: .http11, keepAlive: false, to: &output)
    } catch {
      throw .invalidResponse(error)
    }
    output.append(bytes)
  }

  /// Ends our half, and reads what the peer still sends until it ends its own: closing with unread
  /// bytes would reset the connection and could destroy the response on its way.
  func linger() async {
    stream.closeWrite()
    let deadline = loop.eventLoop.now + configuration.lingerTimeout
    var skippedBytes = 0
    while skippedBytes < configuration.limits.bodyBytesMax, loop.eventLoop.now < deadline {
      do throws(StreamError) {
        input.removeAll()
        switch try stream.receive(into: &input, atMost: configuration.receiveBytesMax) {
        case .received(let count):
          skippedBytes += count
          await takeTurns()
        case .endOfStream: return
        case .wouldBlock: try await stream.waitUntilReadable(deadline: deadline)
        }
      } catch {
        return
      }
    }
  }
}
