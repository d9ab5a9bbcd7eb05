import Bytes
import HTTP1
import HTTPTypes

/// What a decoder makes of one connection.
struct RequestReading {
  struct Message {
    var head: RequestHead
    var body: [UInt8] = []
    var isComplete = false
  }

  private(set) var events: [StreamEvent] = []
  private(set) var messages: [Message] = []

  /// Reads `pieces`, received one after the other.
  /// - Throws: When a byte is looked at twice, or an error is not final.
  init(of pieces: [ArraySlice<UInt8>], limits: HTTPLimits) throws(BrokenInvariant) {
    var decoder = RequestDecoder(limits: limits)
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
    let byteCount = pieces.reduce(0) { $0 + $1.count }
    try require(
      decoder.examinedByteCount <= byteCount,
      "\(decoder.examinedByteCount) looks at \(byteCount) bytes")
    let isBetween = decoder.isBetweenMessages
    var end: HTTPProtocolError?
    do throws(HTTPProtocolError) { try decoder.finish() } catch { end = error }
    events.append(.finished(end))
    try requireEqual(end == nil, isBetween, "a clean end between messages, and only there")
  }

  private mutating func drain(
    _ decoder: inout RequestDecoder, _ queue: inout ByteQueue
  ) throws(HTTPProtocolError) {
    while true {
      switch try decoder.next(&queue) {
      case .needMoreBytes: return
      case .head(let head):
        events.append(.head(Self.describe(head)))
        messages.append(Message(head: head))
      case .body(let count):
        let bytes = queue.array(0..<count)
        queue.consume(count)
        events.append(body: bytes)
        messages[messages.count - 1].body += bytes
      case .end:
        events.append(.end(trailers: decoder.trailers?.summary ?? ""))
        messages[messages.count - 1].isComplete = true
      }
    }
  }

  /// Whatever comes behind an error, it is no request: it could be one that somebody smuggled.
  private static func checkIsFinal(
    _ decoder: inout RequestDecoder, _ error: HTTPProtocolError
  ) throws(BrokenInvariant) {
    var queue = ByteQueue()
    queue.append("GET / HTTP/1.1\r\nhost: a\r\n\r\n" as StaticString)
    do throws(HTTPProtocolError) {
      _ = try decoder.next(&queue)
    } catch let again {
      try requireEqual(again, error, "the error after the first one")
      return
    }
    throw BrokenInvariant("an answer after \(error)")
  }

  private static func describe(_ head: RequestHead) -> String {
    """
    \(head.method.rawValue) \(head.target) \(head.targetForm) \(head.path) \(head.query ?? "-") \
    \(head.authority ?? "-") \(head.version) \(head.framing) \(head.keepAlive) \
    \(head.expectsContinue) \(head.fields.summary)
    """
  }
}
