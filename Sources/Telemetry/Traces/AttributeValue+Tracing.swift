import OTLP
import Tracing

extension AttributeValue {
  /// The same value; nil for one that a later version of swift-distributed-tracing may add.
  init?(_ attribute: SpanAttribute) {
    switch attribute {
    case .string(let value): self = .string(value)
    case .bool(let value): self = .bool(value)
    case .int32(let value): self = .int(Int64(value))
    case .int64(let value): self = .int(value)
    case .double(let value): self = .double(value)
    case .stringConvertible(let value): self = .string(value.description)
    case .stringArray(let values): self = .array(values.map { .string($0) })
    case .boolArray(let values): self = .array(values.map { .bool($0) })
    case .int32Array(let values): self = .array(values.map { .int(Int64($0)) })
    case .int64Array(let values): self = .array(values.map { .int($0) })
    case .doubleArray(let values): self = .array(values.map { .double($0) })
    case .stringConvertibleArray(let values):
      self = .array(values.map { .string($0.description) })
    default: return nil
    }
  }
}

extension SpanAttribute {
  /// The same value; nil for byte arrays, maps and arrays of mixed types, which
  /// swift-distributed-tracing does not have.
  init?(_ value: AttributeValue) {
    switch value {
    case .string(let text): self = .string(text)
    case .bool(let flag): self = .bool(flag)
    case .int(let number): self = .int64(number)
    case .double(let number): self = .double(number)
    case .bytes, .map: return nil
    case .array(let elements): self.init(array: elements)
    }
  }

  private init?(array elements: [AttributeValue]) {
    func all<T>(_ pick: (AttributeValue) -> T?) -> [T]? {
      let picked = elements.compactMap(pick)
      return picked.count == elements.count ? picked : nil
    }
    if let texts = all({ if case .string(let text) = $0 { text } else { nil } }) {
      self = .stringArray(texts)
    } else if let numbers = all({ if case .int(let number) = $0 { number } else { nil } }) {
      self = .int64Array(numbers)
    } else if let numbers = all({ if case .double(let number) = $0 { number } else { nil } }) {
      self = .doubleArray(numbers)
    } else if let flags = all({ if case .bool(let flag) = $0 { flag } else { nil } }) {
      self = .boolArray(flags)
    } else {
      return nil
    }
  }
}

extension [Attribute] {
  init(_ attributes: SpanAttributes) {
    self.init()
    reserveCapacity(attributes.count)
    attributes.forEach { key, value in
      if let value = AttributeValue(value) { append(Attribute(key, value)) }
    }
  }
}
