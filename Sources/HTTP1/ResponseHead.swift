package import HTTPTypes

/// The head of a response (RFC 9112 §4, §5).
package struct ResponseHead: Sendable {
  let storage: HeadStorage
  package let status: HTTPResponse.Status
  package let version: HTTPVersion
  package internal(set) var framing: BodyFraming
  /// Whether the connection can be used again after this exchange (RFC 9112 §9.3).
  package internal(set) var keepAlive: Bool

  package var fields: HeadFields { HeadFields(storage: storage) }

  /// The value of a field; see `HeadFields`.
  package subscript(name: HTTPField.Name) -> String? { fields[name] }
}
