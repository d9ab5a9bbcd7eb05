package import Bytes

/// A JSON document (RFC 8259) whose objects keep their members' order.
package indirect enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// Appends it without white space.
  package func append(to queue: inout ByteQueue) {
    switch self {
    case .null: queue.append("null" as StaticString)
    case .bool(let value): queue.append(json: value)
    case .integer(let value): queue.append(decimal: value)
    case .string(let text): queue.append(json: text)
    case .array(let elements):
      queue.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { queue.append(UInt8(ascii: ",")) }
        element.append(to: &queue)
      }
      queue.append(UInt8(ascii: "]"))
    case .object(let members):
      queue.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { queue.append(UInt8(ascii: ",")) }
        queue.append(json: member.name)
        queue.append(UInt8(ascii: ":"))
        member.value.append(to: &queue)
      }
      queue.append(UInt8(ascii: "}"))
    }
  }

  /// It, and `members` behind its own when it is an object.
  func adding(_ members: [Member]) -> JSONValue {
    guard case .object(let own) = self else { return self }
    return .object(own + members)
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self = .string(text) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int64) { self = .integer(value) }
}

extension JSONValue: ExpressibleByBooleanLiteral {
  package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByNilLiteral {
  package init(nilLiteral: ()) { self = .null }
}

extension JSONValue: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(members.map { Member($0.0, $0.1) })
  }
}
