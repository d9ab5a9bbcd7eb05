import Bytes
import HTTP1
import HTTPTypes

/// A connection's bytes, read by a client, for each kind of request that they could answer.
enum ResponseTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    var generator = SeededGenerator(hashing: bytes)
    for limits in [HTTPLimits(), HTTPLimits.tight(&generator)] {
      for method: HTTPRequest.Method in [.get, .head, .connect] {
        let whole = try ResponseReading(of: [bytes[...]], to: method, limits: limits)
        for pieces in Cut.some(bytes, &generator) {
          let other = try ResponseReading(of: pieces, to: method, limits: limits)
          try requireEqual(other.events, whole.events, "\(method), cut \(pieces.map(\.count))")
        }
        for message in whole.messages {
          try judge(message, limits, method)
          if message.isComplete { try writeAgain(message, method) }
        }
      }
    }
  }

  private static func judge(
    _ message: ResponseReading.Message, _ limits: HTTPLimits, _ method: HTTPRequest.Method
  ) throws(BrokenInvariant) {
    let head = message.head
    let code = head.status.code
    try FieldRules.check(head.fields, countMax: limits.fieldCountMax)
    try FieldRules.checkFraming(head.fields, isChunked: head.framing == .chunked)
    try require((100...599).contains(code) && code != 101, "status \(code)")
    try requireEqual(head.isInterim, code < 200, "interim \(code)")
    try require(message.body.count <= limits.bodyBytesMax, "a body of \(message.body.count) bytes")
    let hasNone = method == .head || code < 200 || code == 204 || code == 304
      || method == .connect && code < 300
    if hasNone { try requireEqual(head.framing, .none, "framing of \(code)") }
    switch head.framing {
    case .none: try require(message.body.isEmpty, "content without framing")
    case .length(let count):
      try require(count > 0 && count <= limits.bodyBytesMax, "a length of \(count)")
      if message.isComplete { try requireEqual(message.body.count, count, "length") }
    case .untilClose: try require(!head.keepAlive, "goes on behind a body that ends it")
    case .chunked: break
    }
    if method == .connect, !hasNone { try require(code >= 300, "content in a tunnel") }
    try requireEqual(head.httpResponse.status.code, code, "status for swift-http-types")
  }

  /// A message that was read, written by our encoder, reads the same.
  private static func writeAgain(
    _ message: ResponseReading.Message, _ method: HTTPRequest.Method
  ) throws(BrokenInvariant) {
    let head = message.head
    var queue = ByteQueue()
    MessageEncoder.appendStatusLine(head.status, to: &queue)
    do throws(HTTPProtocolError) {
      for field in head.fields.httpFields
      where !HeadFields.framing.contains(field.name.canonicalName) {
        try MessageEncoder.appendField(field, to: &queue)
      }
    } catch {
      throw BrokenInvariant("cannot be written again: \(head.fields.summary)")
    }
    let framing = Self.framing(message)
    MessageEncoder.appendFraming(framing, status: head.status, to: &queue)
    MessageEncoder.appendEndOfHead(to: &queue)
    if framing == .chunked, method != .head {
      MessageEncoder.appendChunk(message.body, to: &queue)
      MessageEncoder.appendLastChunk(to: &queue)
    } else {
      queue.append(message.body)
    }
    let again = try ResponseReading(of: [queue.array()[...]], to: method, limits: .wide)
    try requireEqual(again.messages.count, 1, "messages in \(queue.array().text)")
    let other = again.messages[0]
    try require(other.isComplete && again.events.last == .finished(nil), "incomplete when written")
    try requireEqual(other.head.status.code, head.status.code, "status")
    try requireEqual(other.body, message.body, "content")
    try requireEqual(other.head.fields.ordinary, head.fields.ordinary, "fields")
  }

  private static func framing(_ message: ResponseReading.Message) -> ResponseFraming {
    switch message.head.framing {
    case .none, .length: .length(message.body.count)
    case .chunked: .chunked
    case .untilClose: .untilClose
    }
  }
}
