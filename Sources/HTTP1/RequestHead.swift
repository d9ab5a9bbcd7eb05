package import HTTPTypes

/// The head of a request (RFC 9112 §3, §5). It shares its bytes; strings are made when asked for.
package struct RequestHead: Sendable {
  /// The forms of a request target (RFC 9112 §3.2).
  package enum TargetForm: Sendable { case origin, absolute, authority, asterisk }

  let storage: HeadStorage
  package internal(set) var method: HTTPRequest.Method
  package internal(set) var targetForm: TargetForm
  package internal(set) var version: HTTPVersion
  package internal(set) var framing: BodyFraming
  /// Whether the peer lets the connection go on after this exchange (RFC 9112 §9.3).
  package internal(set) var keepAlive: Bool
  /// Whether the peer waits for `100 (Continue)` (RFC 9110 §10.1.1).
  package internal(set) var expectsContinue: Bool
  let targetRange: Range<Int>
  let pathRange: Range<Int>
  /// Empty when there is no query.
  let queryRange: Range<Int>
  /// Empty when there is no Host field.
  let hostRange: Range<Int>

  /// The value of the Host field, checked (RFC 9110 §7.2); nil when it is empty or absent.
  package var host: String? { hostRange.isEmpty ? nil : storage.text(hostRange) }

  package var fields: HeadFields { HeadFields(storage: storage) }

  /// The request target as it came.
  package var target: String { storage.text(targetRange) }

  /// The path as it came, with its percent-encoding.
  package var path: String { storage.text(pathRange) }

  /// The query without its `?`, as it came; nil when there is no `?`.
  package var query: String? {
    hasQuery ? storage.text(queryRange) : nil
  }

  package var hasQuery: Bool {
    pathRange.upperBound < targetRange.upperBound
      && storage.bytes[pathRange.upperBound] == UInt8(ascii: "?")
  }

  /// Calls `body` with the bytes of the path, which need no string to be compared.
  package func withPathBytes<R>(_ body: (Span<UInt8>) -> R) -> R {
    let bytes = storage.bytes
    return body(bytes.span.extracting(pathRange))
  }

  /// Calls `body` with the bytes of the query, empty when there is none.
  package func withQueryBytes<R>(_ body: (Span<UInt8>) -> R) -> R {
    let bytes = storage.bytes
    return body(bytes.span.extracting(queryRange))
  }

  /// The value of a field; see `HeadFields`.
  package subscript(name: HTTPField.Name) -> String? { fields[name] }
}
