/// A JSON document (RFC 8259) from a receiver, read without trust: nothing is deeper than
/// ``depthMax``, and what is not JSON is nil.
package enum JSONNode: Sendable, Equatable {
  case object([String: JSONNode])
  case array([JSONNode])
  case string(String)
  /// As it is written.
  case number(String)
  case bool(Bool)
  case null

  /// How deep values may be nested.
  package static let depthMax = 16

  package init?(parsing bytes: [UInt8]) {
    var parser = JSONParser(bytes)
    guard let node = parser.document() else { return nil }
    self = node
  }

  /// The member of an object; null when there is none.
  package subscript(name: String) -> JSONNode {
    if case .object(let members) = self { members[name] ?? .null } else { .null }
  }

  package var string: String? { if case .string(let text) = self { text } else { nil } }

  /// A whole number, also one that is written as text, as 64-bit numbers are.
  package var integer: Int? {
    switch self {
    case .number(let text), .string(let text): Int(text)
    default: nil
    }
  }
}
