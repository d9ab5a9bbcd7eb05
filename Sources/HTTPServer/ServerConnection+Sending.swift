import Bytes
import HTTP1
import HTTPTypes
import Sockets

extension ServerConnection {
  /// Whether a response to the present request may have content at all (RFC 9110 §6.4.1).
  func hasContent(_ status: HTTPResponse.Status) -> Bool {
    !isHeadRequest && status.code != 204 && status.code != 304
  }

  /// Sends a streamed response.
  /// - Returns: Whether its end can be told while the connection goes on.
  func send(
    _ streamed: StreamedBody, of response: ServerResponse, to head: RequestHead,
    _ keepAlive: Bool
  ) async throws(HTTPServerError) -> Bool {
    let isChunked = head.version >= .http11
    do throws(HTTPServerError) {
      try appendHead(
        response, framing: isChunked ? .chunked : .untilClose, head, keepAlive && isChunked)
    } catch {
      streamed.abandon()
      throw error
    }
    guard hasContent(response.status) else {
      streamed.abandon()
      return isChunked
    }
    isEndedByClosing = !isChunked
    do {
      try await streamed.produce(BodyWriter(connection: self, isChunked: isChunked))
    } catch let error as HTTPServerError {
      throw error
    } catch {
      // The head is out: cutting the connection is the one way left to say that this failed.
      throw .disconnected(.closed)
    }
    isEndedByClosing = false
    if isChunked { MessageEncoder.appendLastChunk(to: &output) }
    return isChunked
  }

  /// Appends a piece of a streamed response.
  func writeBody(_ bytes: [UInt8], isChunked: Bool) async throws(HTTPServerError) {
    guard !bytes.isEmpty else { return }
    if isChunked {
      MessageEncoder.appendChunk(bytes, to: &output)
    } else {
      output.append(bytes)
    }
    guard output.count >= configuration.sendBufferBytesMax else { return sendSoon() }
    try await flush()
    await takeTurns()
  }

  func appendHead(
    _ response: ServerResponse, framing: ResponseFraming, _ head: RequestHead, _ keepAlive: Bool
  ) throws(HTTPServerError) {
    // An interim response is no answer, and would be taken for one to the next request.
    guard response.status.code >= 200 else { throw .invalidResponse(.invalidOwnField) }
    let mark = output.count
    do throws(HTTPProtocolError) {
      try loop.appendHead(
        response, framing: framing, version: head.version, keepAlive: keepAlive, to: &output)
      hasAnswered = true
    } catch {
      output.truncate(to: mark)
      throw .invalidResponse(error)
    }
  }

  // MARK: To the stream

  func flush() async throws(HTTPServerError) {
    if try !sendAtOnce() { try await flushWaiting() }
  }

  /// Sends all of `output` to a peer that does not take it at once.
  private func flushWaiting() async throws(HTTPServerError) {
    var pace = TransferPace()
    let heldCount = output.count
    guard loop.waitingBytes.take(heldCount) else { throw .disconnected(.timedOut) }
    defer { loop.waitingBytes.giveBack(heldCount) }
    repeat {
      let (start, count) = (loop.eventLoop.now, output.count)
      let allowance = pace.allowance(
        bytesPerSecondMin: configuration.writeBytesPerSecondMin, grace: configuration.writeTimeout)
      do throws(StreamError) {
        try await stream.waitUntilWritable(
          deadline: start + min(configuration.writeTimeout, allowance))
      } catch {
        throw .disconnected(error)
      }
      pace.note(waited: loop.eventLoop.now - start)
      if try sendAtOnce() { return }
      pace.note(byteCount: count - output.count)
    } while true
  }

  /// Sends what the peer takes without waiting.
  /// - Returns: Whether that was all.
  func sendAtOnce() throws(HTTPServerError) -> Bool {
    do throws(StreamError) {
      return try stream.send(&output)
    } catch {
      throw .disconnected(error)
    }
  }

  /// Has what is in `output` sent even if this connection's task comes to wait for something else:
  /// for a slow handler behind a quick one, or for the next piece of a stream.
  func sendSoon() {
    guard !isSendingSoon else { return }
    isSendingSoon = true
    loop.sendSoon(self)
  }

  /// What `sendSoon` comes to. An error waits for the connection's own task.
  func sendUnsent() {
    isSendingSoon = false
    if !output.isEmpty { _ = try? stream.send(&output) }
  }

  /// Lets others have a turn now and then, where a peer is so quick that nothing has to be waited
  /// for.
  func takeTurns() async {
    busyCount += 1
    guard busyCount >= Self.busyCountMax else { return }
    busyCount = 0
    await Task.yield()
  }

  /// How often a connection may find its peer ready without giving way.
  static var busyCountMax: Int { 4 }
}
