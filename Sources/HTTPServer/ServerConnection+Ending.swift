import Bytes
import HTTP1
import HTTPTypes
import Sockets
import TLS

extension ServerConnection {
  /// Answers an error once, if the message allows it, and ends the connection.
  func refuse(_ error: HTTPServerError) async {
    if error.isPeerFault { loop.onPeerFault?(error) }
    if case .handshakeFailed(let reason) = error {
      // The alert that tells why is on its way.
      if case .security = reason, let security { await linger(on: security.base) }
      return
    }
    // Who has taken nothing for so long does not take the rest either.
    if case .disconnected(.timedOut) = error { return stream.reset() }
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

  /// Bytes that are read for nothing behind the last answer.
  private static var lingerBytesMax: Int { 1_048_576 }

  /// Answers in place of a handler that takes too long, and cancels it. The connection ends with
  /// the handler, in `endOverdue`.
  func refuseOverdue() {
    handlerDeadline = .distantFuture
    isOverdue = true
    if !hasAnswered {
      hasAnswered = true
      try? appendRefusal(
        .problem(
          .serviceUnavailable, detail: "Service Unavailable",
          fields: [HTTPField(name: .retryAfter, value: "1")]))
      // An error waits for the end.
      _ = try? sendAtOnce()
    }
    task?.cancel()
  }

  /// Ends a connection whose handler was answered for, when the handler has come to its end.
  func endOverdue() async {
    do throws(HTTPServerError) {
      try await flush()
      await linger()
    } catch {
      stream.reset()
    }
    stream.close()
  }

  private func appendRefusal(_ answer: ServerResponse) throws(HTTPServerError) {
    guard case .bytes(let bytes) = answer.body else { return }
    do throws(HTTPProtocolError) {
      try loop.appendHead(
        answer, framing: .length(bytes.count), version: .http11, keepAlive: false, to: &output)
    } catch {
      throw .invalidResponse(error)
    }
    if !isHeadRequest { output.append(bytes) }
  }

  /// Ends our half, and reads what the peer still sends until it ends its own: closing with unread
  /// bytes would reset the connection and could destroy the response on its way.
  func linger() async { await linger(on: stream) }

  private func linger(on stream: any ByteStream) async {
    stream.closeWrite()
    let deadline = loop.eventLoop.now + configuration.lingerTimeout
    var skippedBytes = 0
    while skippedBytes < Self.lingerBytesMax, loop.eventLoop.now < deadline {
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
