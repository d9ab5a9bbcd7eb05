package import Bytes
package import HTTPTypes

/// Writes the parts of messages (RFC 9112). No part of a value can end a line: what has CR, LF, NUL
/// or another control byte is refused, so reflected data cannot add a field or a message.
package enum MessageEncoder {
  package static func appendStatusLine(
    _ status: HTTPResponse.Status, to queue: inout ByteQueue
  ) {
    switch status.code {
    case 200: queue.append("HTTP/1.1 200 OK\r\n" as StaticString)
    default:
      queue.append("HTTP/1.1 " as StaticString)
      queue.append(decimal: status.code)
      queue.append(UInt8(ascii: " "))
      queue.append(reasonPhrase(status))
      queue.append("\r\n" as StaticString)
    }
  }

  /// `100 (Continue)` (RFC 9110 §15.2.1).
  package static func appendContinue(to queue: inout ByteQueue) {
    queue.append("HTTP/1.1 100 Continue\r\n\r\n" as StaticString)
  }

  /// A field whose name is known to be a token in lower case.
  /// - Throws: `invalidOwnField` when the value has a byte that no field value can have.
  package static func appendField(
    _ name: StaticString, _ value: String, to queue: inout ByteQueue
  ) throws(HTTPProtocolError) {
    queue.append(name)
    try appendValue(value, to: &queue)
  }

  /// - Throws: `invalidOwnField` when the value has a byte that no field value can have, or the
  ///   field is one that frames messages, which is not the caller's to set.
  package static func appendField(
    _ field: HTTPField, to queue: inout ByteQueue
  ) throws(HTTPProtocolError) {
    let name = field.name.canonicalName
    guard name != "content-length", name != "transfer-encoding", name != "connection" else {
      throw .invalidOwnField
    }
    queue.append(name)
    try appendValue(field.value, to: &queue)
  }

  /// The fields that tell a response's length; none where RFC 9110 §8.6 allows none.
  package static func appendFraming(
    _ framing: ResponseFraming, status: HTTPResponse.Status, to queue: inout ByteQueue
  ) {
    guard status.code != 204, status.code != 304 else { return }
    switch framing {
    case .length(let count):
      queue.append("content-length: " as StaticString)
      queue.append(decimal: count)
      queue.append("\r\n" as StaticString)
    case .chunked: queue.append("transfer-encoding: chunked\r\n" as StaticString)
    case .untilClose: break
    }
  }

  /// One chunk (RFC 9112 §7.1). Empty bytes would end the message, and append nothing.
  package static func appendChunk(_ bytes: [UInt8], to queue: inout ByteQueue) {
    guard !bytes.isEmpty else { return }
    queue.append(hex: bytes.count)
    queue.append("\r\n" as StaticString)
    queue.append(bytes)
    queue.append("\r\n" as StaticString)
  }

  package static func appendLastChunk(to queue: inout ByteQueue) {
    queue.append("0\r\n\r\n" as StaticString)
  }

  /// A request line in origin form.
  /// - Throws: `invalidOwnField` when the target has a byte that would end it.
  package static func appendRequestLine(
    _ method: HTTPRequest.Method, target: String, to queue: inout ByteQueue
  ) throws(HTTPProtocolError) {
    guard target.utf8.allSatisfy(Grammar.isVisible), !target.isEmpty else {
      throw .invalidOwnField
    }
    queue.append(method.rawValue)
    queue.append(UInt8(ascii: " "))
    queue.append(target)
    queue.append(" HTTP/1.1\r\n" as StaticString)
  }

  private static func appendValue(
    _ value: String, to queue: inout ByteQueue
  ) throws(HTTPProtocolError) {
    queue.append(": " as StaticString)
    guard value.utf8.allSatisfy(Grammar.isFieldValue) else { throw .invalidOwnField }
    queue.append(value)
    queue.append("\r\n" as StaticString)
  }

  /// The phrases that clients of the service know, where they differ from RFC 9110's.
  private static func reasonPhrase(_ status: HTTPResponse.Status) -> String {
    status.code == 422 ? "Unprocessable Entity" : status.reasonPhrase
  }
}
