package import Bytes

/// Messages that the arrays and maps of one attribute may nest; what is deeper is encoded as an
/// empty value.
///
/// The official protobuf decoders refuse a request that nests more than 100 messages, and the
/// envelope takes up to nine. An array is two messages deep, a map three, so 45 nested arrays or 30
/// nested maps fit.
package let attributeNestingMax = 90

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
    case .array(let elements) where depth + 2 <= attributeNestingMax:
      let list = beginMessage(field: AnyValueField.array)
      for element in elements {
        append(field: ArrayValueField.values, value: element, depth: depth + 2)
      }
      endMessage(list)
    case .map(let members) where depth + 3 <= attributeNestingMax:
      let list = beginMessage(field: AnyValueField.map)
      for member in members {
        append(
          field: ArrayValueField.values, key: member.key, value: member.value, depth: depth + 3)
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
