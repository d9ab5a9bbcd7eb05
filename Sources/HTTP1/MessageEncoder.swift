package import Bytes
package import HTTPTypes

/// Writes the parts of messages (RFC 9112).
///
/// Data from outside that is reflected in a value can never end a line and so add a field or a
/// message: a value with CR, LF, NUL or another control byte is refused with `invalidOwnField`,
/// whose fault is local. Nothing is appended then. A server answers 500, a client does not send.
package enum MessageEncoder {
  // MARK: Start lines

  /// The status line of a response. A reason phrase that could not stand in it is left out.
  /// - Precondition: The code has three digits.
  package static func appendStatusLine(
    _ status: HTTPResponse.Status, to queue: inout ByteQueue
  ) {
    if let line = StatusLines.whole(status.code) {
      queue.append(line)
      return
    }
    precondition(status.code >= 100 && status.code <= 999, "a status code has three digits")
    queue.append("HTTP/1.1 " as StaticString)
    queue.append(decimal: status.code)
    queue.append(UInt8(ascii: " "))
    if isFieldValue(status.reasonPhrase) { queue.append(status.reasonPhrase) }
    queue.append("\r\n" as StaticString)
  }

  /// `100 (Continue)` (RFC 9110 §15.2.1), a whole interim response.
  package static func appendContinue(to queue: inout ByteQueue) {
    queue.append("HTTP/1.1 100 Continue\r\n\r\n" as StaticString)
  }

  /// The request line.
  /// - Parameter target: In any form that fits the method (RFC 9112 §3.2), already encoded.
  /// - Throws: `invalidOwnField` when the target is empty or has a byte that would end it.
  package static func appendRequestLine(
    _ method: HTTPRequest.Method, target: String, to queue: inout ByteQueue
  ) throws(HTTPProtocolError) {
    let isValid = withBytes(target) { bytes in
      for index in 0..<bytes.count where !Grammar.isVisible(bytes[index]) { return false }
      return !bytes.isEmpty
    }
    guard isValid else { throw .invalidOwnField }
    queue.append(method.rawValue)
    queue.append(UInt8(ascii: " "))
    queue.append(target)
    queue.append(" HTTP/1.1\r\n" as StaticString)
  }

  // MARK: Fields

  /// A field whose name is known to be a token in lower case.
  /// - Throws: `invalidOwnField` when the value has a byte that no field value can have.
  package static func appendField(
    _ name: StaticString, _ value: String, to queue: inout ByteQueue
  ) throws(HTTPProtocolError) {
    guard isFieldValue(value) else { throw .invalidOwnField }
    queue.append(name)
    queue.append(": " as StaticString)
    queue.append(value)
    queue.append("\r\n" as StaticString)
  }

  /// A field, its name in lower case.
  /// - Throws: `invalidOwnField` when the value has a byte that no field value can have, or the
  ///   field is a pseudo-header of HTTP/2, or one that frames messages or rules the connection,
  ///   which is not the caller's to set.
  package static func appendField(
    _ field: HTTPField, to queue: inout ByteQueue
  ) throws(HTTPProtocolError) {
    let name = field.name.canonicalName
    switch name.utf8.count {
    case 14 where name == "content-length", 17 where name == "transfer-encoding",
      10 where name == "connection":
      throw .invalidOwnField
    default: break
    }
    let value = field.value
    guard name.utf8.first != UInt8(ascii: ":"), isFieldValue(value) else {
      throw .invalidOwnField
    }
    queue.append(name)
    queue.append(": " as StaticString)
    queue.append(value)
    queue.append("\r\n" as StaticString)
  }

  /// - Precondition: `byteCount` is not negative.
  package static func appendContentLength(_ byteCount: Int, to queue: inout ByteQueue) {
    precondition(byteCount >= 0, "a length is not negative")
    queue.append("content-length: " as StaticString)
    queue.append(decimal: byteCount)
    queue.append("\r\n" as StaticString)
  }

  /// The fields that tell a response's length; none where RFC 9110 §8.6 and RFC 9112 §6.1 allow
  /// none.
  package static func appendFraming(
    _ framing: ResponseFraming, status: HTTPResponse.Status, to queue: inout ByteQueue
  ) {
    guard status.code >= 200, status.code != 204, status.code != 304 else { return }
    switch framing {
    case .length(let count): appendContentLength(count, to: &queue)
    case .chunked: queue.append("transfer-encoding: chunked\r\n" as StaticString)
    case .untilClose: break
    }
  }

  /// The empty line that ends a head.
  package static func appendEndOfHead(to queue: inout ByteQueue) {
    queue.append("\r\n" as StaticString)
  }

  // MARK: Chunks

  /// One chunk (RFC 9112 §7.1). Empty bytes would end the message, and append nothing.
  package static func appendChunk(_ bytes: [UInt8], to queue: inout ByteQueue) {
    appendChunk(bytes.span, to: &queue)
  }

  /// One chunk (RFC 9112 §7.1). Empty bytes would end the message, and append nothing.
  package static func appendChunk(_ bytes: Span<UInt8>, to queue: inout ByteQueue) {
    guard !bytes.isEmpty else { return }
    appendChunkHeader(bytes.count, to: &queue)
    queue.append(bytes)
    appendChunkEnd(to: &queue)
  }

  /// The line before a chunk's data.
  /// - Precondition: `byteCount` is positive.
  package static func appendChunkHeader(_ byteCount: Int, to queue: inout ByteQueue) {
    precondition(byteCount > 0, "an empty chunk would end the message")
    queue.append(hex: byteCount)
    queue.append("\r\n" as StaticString)
  }

  /// The line end behind a chunk's data.
  package static func appendChunkEnd(to queue: inout ByteQueue) {
    queue.append("\r\n" as StaticString)
  }

  /// The last chunk, and the end of the message.
  package static func appendLastChunk(to queue: inout ByteQueue) {
    queue.append("0\r\n\r\n" as StaticString)
  }

  // MARK: Checks

  private static func isFieldValue(_ text: String) -> Bool {
    withBytes(text) { ByteSearch.isFieldValue($0) }
  }

  @inline(__always)
  private static func withBytes(_ text: String, _ body: (Span<UInt8>) -> Bool) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { body($0.span) } ?? body(Array(text.utf8).span)
  }
}
