import Bytes
import HTTP1
import Sockets

/// Receiving a request's content.
extension ServerConnection {
  /// Receives more of a request's content.
  /// - Returns: false when the peer ended its half.
  func receiveBody() async throws(HTTPServerError) -> Bool {
    while true {
      do throws(StreamError) {
        switch try stream.receive(into: &input, atMost: configuration.receiveBytesMax) {
        case .received(let count):
          bodyPace.note(byteCount: count)
          return true
        case .endOfStream: return false
        case .wouldBlock: try await waitForBody()
        }
      } catch {
        throw Self.failure(error)
      }
    }
  }

  /// Waits for content as long as it may take. The handler's time stands still meanwhile.
  private func waitForBody() async throws(StreamError) {
    let start = loop.eventLoop.now
    let allowance = bodyPace.allowance(
      bytesPerSecondMin: configuration.bodyBytesPerSecondMin, grace: configuration.bodyRateGrace)
    let handlerDeadline = handlerDeadline
    self.handlerDeadline = .distantFuture
    defer {
      let waited = loop.eventLoop.now - start
      bodyPace.note(waited: waited)
      if handlerDeadline != .distantFuture {
        self.handlerDeadline = handlerDeadline + waited
        loop.watchHandlers(from: self.handlerDeadline)
      }
    }
    try await stream.waitUntilReadable(deadline: start + min(configuration.bodyTimeout, allowance))
  }

  /// Reads the rest of the present request's content and drops it.
  /// - Returns: false when it is too long for that.
  func skipBody() async throws(HTTPServerError) -> Bool {
    var skippedCount = 0
    while let piece = try await readBody(of: requestCount) {
      skippedCount += piece.count
      if skippedCount > Self.skippedBytesMax { return false }
    }
    return true
  }

  /// Bytes of content that are read for nothing, so that another request can follow.
  static var skippedBytesMax: Int { 262_144 }
}
