package import Bytes

/// Arrays and maps nested deeper than this are encoded as an empty value (OpenTelemetry
/// specification, common: the default attribute value depth limit).
package let attributeDepthMax = 64

/// Encoders of opentelemetry-proto `common.v1`.
extension ByteQueue {
  /// Appends a `repeated KeyValue` field.
  package mutating func append(field: Int, attributes: [Attribute]) {
    for attribute in attributes { append(field: field, attribute: attribute) }
  }

  /// Appends one `KeyValue` field.
  package mutating func append(field: Int, attribute: Attribute) {
    append(field: field, key: attribute.key, value: attribute.value, depth: 0)
  }

  /// Appends one `KeyValue` field whose value is a string.
  package mutating func append(field: Int, key: String, string: String) {
    let outer = beginMessage(field: field)
    append(field: KeyValueField.key, string: key)
    let inner = beginMessage(field: KeyValueField.value)
    append(field: AnyValueField.string, string: string)
    endMessage(inner)
    endMessage(outer)
  }

  /// Appends one `AnyValue` field.
  package mutating func append(field: Int, value: AttributeValue) {
    append(field: field, value: value, depth: 0)
  }

  private mutating func append(field: Int, key: String, value: AttributeValue, depth: Int) {
    let mark = beginMessage(field: field)
    append(field: KeyValueField.key, string: key)
    append(field: KeyValueField.value, value: value, depth: depth)
    endMessage(mark)
  }

  private mutating func append(field: Int, value: AttributeValue, depth: Int) {
    let mark = beginMessage(field: field)
    switch value {
    case .string(let text): append(field: AnyValueField.string, string: text)
    case .bool(let flag): append(field: AnyValueField.bool, bool: flag)
    case .int(let number): append(field: AnyValueField.int, int: number)
    case .double(let number): append(field: AnyValueField.double, double: number)
    case .bytes(let bytes): append(field: AnyValueField.bytes, bytes: bytes)
    case .array(let elements) where depth < attributeDepthMax:
      let list = beginMessage(field: AnyValueField.array)
      for element in elements {
        append(field: ArrayValueField.values, value: element, depth: depth + 1)
      }
      endMessage(list)
    case .map(let members) where depth < attributeDepthMax:
      let list = beginMessage(field: AnyValueField.map)
      for member in members {
        append(
          field: ArrayValueField.values, key: member.key, value: member.value, depth: depth + 1)
      }
      endMessage(list)
    case .array, .map: break
    }
    endMessage(mark)
  }
}

private enum KeyValueField {
  static let key = 1
  static let value = 2
}

private enum AnyValueField {
  static let string = 1
  static let bool = 2
  static let int = 3
  static let double = 4
  static let array = 5
  static let map = 6
  static let bytes = 7
}

/// `ArrayValue` and `KeyValueList` number their only field alike.
private enum ArrayValueField {
  static let values = 1
}
