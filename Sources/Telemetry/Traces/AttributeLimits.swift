import OTLP

/// Limits on attributes (OpenTelemetry specification, "Attribute Limits").
public struct AttributeLimits: Sendable, Equatable {
  /// Attributes that are kept; those beyond are counted as dropped.
  public let countMax: Int
  /// Characters that a string keeps, and bytes that a byte array keeps; nil is unlimited.
  public let valueLengthMax: Int?

  public init(countMax: Int, valueLengthMax: Int?) {
    self.countMax = countMax
    self.valueLengthMax = valueLengthMax
  }

  /// Sets `key`; an attribute that is there already is overwritten, a new one beyond the limit is
  /// counted. An attribute without a name is none.
  func set(
    _ key: String, _ value: AttributeValue, in attributes: inout [Attribute],
    dropped: inout UInt32
  ) {
    if let index = Self.index(of: key, in: attributes) {
      attributes[index].value = truncated(value)
    } else if attributes.count >= countMax {
      dropped &+= 1
    } else if !key.isEmpty {
      if attributes.capacity == 0 { attributes.reserveCapacity(min(8, countMax)) }
      attributes.append(Attribute(key, truncated(value)))
    }
  }

  /// Sets all of `new`, whose names differ from each other.
  func setAll(
    _ new: [Attribute], in attributes: inout [Attribute], dropped: inout UInt32
  ) {
    // Nothing to look for where there is nothing yet.
    if attributes.isEmpty, valueLengthMax == nil, new.count <= countMax {
      attributes = new.filter { !$0.key.isEmpty }
      return
    }
    for attribute in new { set(attribute.key, attribute.value, in: &attributes, dropped: &dropped) }
  }

  /// What is kept of a list of attributes, and how many are not.
  func apply(to attributes: [Attribute]) -> (kept: [Attribute], dropped: UInt32) {
    var kept: [Attribute] = []
    var dropped: UInt32 = 0
    for attribute in attributes {
      set(attribute.key, attribute.value, in: &kept, dropped: &dropped)
    }
    return (kept, dropped)
  }

  /// Names are compared as bytes, and by length first: most differ there.
  static func index(of key: String, in attributes: [Attribute]) -> Int? {
    let length = key.utf8.count
    for index in attributes.indices {
      let candidate = attributes[index].key
      if candidate.utf8.count == length, candidate == key { return index }
    }
    return nil
  }

  @inline(__always)
  func truncated(_ value: AttributeValue) -> AttributeValue {
    guard let valueLengthMax else { return value }
    return value.truncated(to: valueLengthMax)
  }
}

extension AttributeValue {
  /// This value with every string cut to `lengthMax` characters and every byte array to as many
  /// bytes, also inside arrays and maps.
  func truncated(to lengthMax: Int) -> AttributeValue {
    switch self {
    case .string(let text):
      // As many bytes as characters at most: no need to count characters.
      text.utf8.count <= lengthMax ? self : .string(String(text.prefix(lengthMax)))
    case .bytes(let bytes):
      bytes.count <= lengthMax ? self : .bytes(Array(bytes.prefix(lengthMax)))
    case .array(let elements):
      .array(elements.map { $0.truncated(to: lengthMax) })
    case .map(let members):
      .map(members.map { Attribute($0.key, $0.value.truncated(to: lengthMax)) })
    case .bool, .int, .double: self
    }
  }
}
