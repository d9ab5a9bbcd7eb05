import Bytes
import HTTP1
import HTTPTypes

/// A connection's bytes, read by a server.
enum RequestTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    var generator = SeededGenerator(hashing: bytes)
    for limits in [HTTPLimits(), HTTPLimits.tight(&generator)] {
      let whole = try RequestReading(of: [bytes[...]], limits: limits)
      for pieces in Cut.some(bytes, &generator) {
        let other = try RequestReading(of: pieces, limits: limits)
        try requireEqual(other.events, whole.events, "cut \(pieces.map(\.count))")
      }
      for message in whole.messages {
        try judge(message, limits)
        if message.isComplete { try writeAgain(message) }
      }
    }
  }

  private static func judge(
    _ message: RequestReading.Message, _ limits: HTTPLimits
  ) throws(BrokenInvariant) {
    let head = message.head
    try FieldRules.check(head.fields, countMax: limits.fieldCountMax)
    try FieldRules.checkFraming(head.fields, isChunked: head.framing == .chunked)
    let method = head.method.rawValue
    try require(!method.isEmpty && method.utf8.isOnly(ByteSet.token), "method \(method)")
    try require(
      !head.target.isEmpty && head.target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F },
      "target \(head.target)")
    let hosts = head.fields.count("host")
    try require(hosts == 1 || hosts == 0 && head.version == .http10, "\(hosts) Host fields")
    try require(message.body.count <= limits.bodyBytesMax, "a body of \(message.body.count) bytes")
    if case .length(let count) = head.framing {
      try require(count > 0 && count <= limits.bodyBytesMax, "a length of \(count)")
      try require(message.body.count <= count, "more content than \(count)")
      if message.isComplete { try requireEqual(message.body.count, count, "length") }
    }
    if head.framing == .none { try require(message.body.isEmpty, "content without framing") }
    try judgeTarget(head)
  }

  /// The parts of a target are the target.
  private static func judgeTarget(_ head: RequestHead) throws(BrokenInvariant) {
    let query = head.query.map { "?" + $0 } ?? ""
    try requireEqual(head.hasQuery, head.query != nil, "hasQuery")
    switch head.targetForm {
    case .origin, .asterisk: try requireEqual(head.path + query, head.target, "parts")
    case .authority: try requireEqual(head.authority ?? "", head.target, "parts")
    case .absolute:
      let text = (head.authority ?? "") + (head.path == "/" ? "" : head.path) + query
      let rest = head.target.drop { $0 != ":" }.dropFirst(3)
      let shown = (head.authority ?? "") + head.path + query
      try require(rest == text || rest == shown, "parts of \(head.target): \(shown)")
    }
    if let authority = head.authority {
      try require(AuthorityTarget.isAuthority(Array(authority.utf8)), "authority \(authority)")
    }
    let request = head.httpRequest(scheme: "http")
    try requireEqual(
      request.headerFields.count, head.fieldCount - head.fields.count("host"), "fields but Host")
  }

  /// A message that was read, written by our encoder, reads the same.
  private static func writeAgain(
    _ message: RequestReading.Message
  ) throws(BrokenInvariant) {
    let head = message.head
    var queue = ByteQueue()
    do throws(HTTPProtocolError) {
      try MessageEncoder.appendRequestLine(head.method, target: head.target, to: &queue)
      if head.fields.count("host") == 0 { try MessageEncoder.appendField("host", "", to: &queue) }
      for field in head.fields.httpFields
      where !HeadFields.framing.contains(field.name.canonicalName) {
        try MessageEncoder.appendField(field, to: &queue)
      }
    } catch {
      throw BrokenInvariant("cannot be written again: \(head.target), \(head.fields.summary)")
    }
    if head.framing == .chunked {
      queue.append("transfer-encoding: chunked\r\n\r\n" as StaticString)
      MessageEncoder.appendChunk(message.body, to: &queue)
      MessageEncoder.appendLastChunk(to: &queue)
    } else {
      MessageEncoder.appendContentLength(message.body.count, to: &queue)
      MessageEncoder.appendEndOfHead(to: &queue)
      queue.append(message.body)
    }
    let again = try RequestReading(of: [queue.array()[...]], limits: .wide)
    try requireEqual(again.messages.count, 1, "messages in \(queue.array().text)")
    let other = again.messages[0]
    try require(other.isComplete && again.events.last == .finished(nil), "incomplete when written")
    try requireEqual(other.head.method, head.method, "method")
    try requireEqual(other.head.target, head.target, "target")
    try requireEqual(other.head.targetForm, head.targetForm, "form")
    try requireEqual(other.head.authority, head.authority, "authority")
    try requireEqual(other.body, message.body, "content")
    let ordinary = head.fields.ordinary
    try requireEqual(
      other.head.fields.ordinary, head.fields.count("host") == 0 ? ["host: "] + ordinary : ordinary,
      "fields")
  }
}
