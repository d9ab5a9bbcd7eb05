import Logging
import OTLP

extension AttributeValue {
  /// A metadata value with its type, as far as it has one: numbers and booleans that were given as
  /// such stay what they are.
  init(_ value: Logger.MetadataValue) {
    switch value {
    case .string(let text): self = .string(text)
    case .array(let elements): self = .array(elements.map { AttributeValue($0) })
    case .dictionary(let members):
      self = .map(
        members.sorted { $0.key < $1.key }.map { Attribute($0.key, AttributeValue($0.value)) })
    case .stringConvertible(let value): self.init(convertible: value)
    }
  }

  private init(convertible value: any CustomStringConvertible & Sendable) {
    // The types are compared first: a cast costs more than all these comparisons.
    let type = ObjectIdentifier(Swift.type(of: value) as Any.Type)
    if type == ObjectIdentifier(Int.self), let number = value as? Int {
      self = .int(Int64(number))
    } else if type == ObjectIdentifier(Bool.self), let flag = value as? Bool {
      self = .bool(flag)
    } else if type == ObjectIdentifier(Double.self), let number = value as? Double {
      self = .double(number)
    } else if type == ObjectIdentifier(String.self), let text = value as? String {
      self = .string(text)
    } else if Self.numberTypes.contains(type) {
      self = Self.number(value)
    } else {
      self = .string(value.description)
    }
  }

  private static let numberTypes: Set<ObjectIdentifier> = [
    ObjectIdentifier(Int8.self), ObjectIdentifier(Int16.self), ObjectIdentifier(Int32.self),
    ObjectIdentifier(Int64.self), ObjectIdentifier(UInt.self), ObjectIdentifier(UInt8.self),
    ObjectIdentifier(UInt16.self), ObjectIdentifier(UInt32.self), ObjectIdentifier(UInt64.self),
    ObjectIdentifier(Float.self),
  ]

  /// Unsigned numbers that OTLP has no room for become text.
  private static func number(_ value: any CustomStringConvertible & Sendable) -> AttributeValue {
    if let number = value as? any BinaryInteger, let exact = Int64(exactly: number) {
      return .int(exact)
    }
    if let number = value as? Float { return .double(Double(number)) }
    return .string(value.description)
  }
}
