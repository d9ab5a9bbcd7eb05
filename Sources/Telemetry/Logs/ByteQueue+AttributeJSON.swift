package import Bytes
package import OTLP

/// Arrays and maps nested deeper than this are shown as null.
package let attributeDepthMax = 64

extension ByteQueue {
  /// Appends an attribute value as JSON. Byte arrays become hexadecimal text; what is nested deeper
  /// than ``attributeDepthMax`` becomes null.
  package mutating func append(json value: AttributeValue, depth: Int = 0) {
    switch value {
    case .string(let text): append(json: text)
    case .bool(let flag): append(json: flag)
    case .int(let number): append(decimal: number)
    case .double(let number): append(json: number)
    case .bytes(let bytes):
      append(UInt8(ascii: "\""))
      for byte in bytes { append(hex: UInt64(byte), digits: 2) }
      append(UInt8(ascii: "\""))
    case .array(let elements) where depth < attributeDepthMax:
      append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { append(UInt8(ascii: ",")) }
        append(json: element, depth: depth + 1)
      }
      append(UInt8(ascii: "]"))
    case .map(let members) where depth < attributeDepthMax:
      append(json: members, depth: depth + 1)
    case .array, .map: append("null" as StaticString)
    }
  }

  /// Appends attributes as a JSON object, in their order.
  package mutating func append(json attributes: [Attribute], depth: Int = 0) {
    append(UInt8(ascii: "{"))
    for (index, attribute) in attributes.enumerated() {
      if index > 0 { append(UInt8(ascii: ",")) }
      append(json: attribute.key)
      append(UInt8(ascii: ":"))
      append(json: attribute.value, depth: depth)
    }
    append(UInt8(ascii: "}"))
  }
}
