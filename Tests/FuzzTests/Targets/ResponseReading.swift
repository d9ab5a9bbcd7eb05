import Bytes
import HTTP1
import HTTPTypes

/// What a decoder makes of a connection on which requests of one method are made, one by one.
struct ResponseReading {
  struct Message {
    var head: ResponseHead
    var body: [UInt8] = []
    var isComplete = false
  }

  private(set) var events: [StreamEvent] = []
  /// Without interim ones.
  private(set) var messages: [Message] = []
  private let method: HTTPRequest.Method
  /// Whether a response must be announced before it is read.
  private var mustBegin = true

  /// Reads `pieces`, received one after the other.
  /// - Throws: When an error is not final.
  init(
    of pieces: [ArraySlice<UInt8>], to method: HTTPRequest.Method, limits: HTTPLimits
  ) throws(BrokenInvariant) {
    self.method = method
    var decoder = ResponseDecoder(limits: limits)
    var queue = ByteQueue(capacity: 16)
    do throws(HTTPProtocolError) {
      for piece in pieces {
        queue.append(piece)
        try drain(&decoder, &queue)
      }
    } catch {
      events.append(.error(error))
      try Self.checkIsFinal(&decoder, error)
      return
    }
    var end: HTTPProtocolError?
    do throws(HTTPProtocolError) {
      if case .end = try decoder.finish() { finishMessage(decoder) }
    } catch {
      end = error
    }
    events.append(.finished(end))
  }

  private mutating func drain(
    _ decoder: inout ResponseDecoder, _ queue: inout ByteQueue
  ) throws(HTTPProtocolError) {
    while true {
      if mustBegin, !queue.isEmpty {
        decoder.begin(method)
        mustBegin = false
      }
      switch try decoder.next(&queue) {
      case .needMoreBytes: return
      case .head(let head):
        events.append(.head(Self.describe(head)))
        if !head.isInterim { messages.append(Message(head: head)) }
      case .body(let count):
        let bytes = queue.array(0..<count)
        queue.consume(count)
        events.append(body: bytes)
        messages[messages.count - 1].body += bytes
      case .end: finishMessage(decoder)
      }
    }
  }

  private mutating func finishMessage(_ decoder: ResponseDecoder) {
    events.append(.end(trailers: decoder.trailers?.summary ?? ""))
    messages[messages.count - 1].isComplete = true
    mustBegin = true
  }

  private static func checkIsFinal(
    _ decoder: inout ResponseDecoder, _ error: HTTPProtocolError
  ) throws(BrokenInvariant) {
    var queue = ByteQueue()
    queue.append("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n" as StaticString)
    decoder.begin(.get)
    do throws(HTTPProtocolError) {
      _ = try decoder.next(&queue)
    } catch let again {
      try requireEqual(again, error, "the error after the first one")
      return
    }
    throw BrokenInvariant("an answer after \(error)")
  }

  private static func describe(_ head: ResponseHead) -> String {
    "\(head.status.code) \(head.version) \(head.framing) \(head.keepAlive) \(head.fields.summary)"
  }
}
