import OTLP

/// The attributes that identify a series: filtered, each name once, in the order of the names.
struct AttributeSet: Sendable {
  let attributes: [Attribute]
  /// As `AttributeHash` computes it.
  let hash: UInt64

  /// Where measurements go whose attributes would be one set too many (specification, "Overflow
  /// attribute").
  static let overflow = AttributeSet([Attribute("otel.metric.overflow", .bool(true))])

  /// - Parameter given: Of attributes with the same name the last one counts.
  init(_ given: [Attribute], keeping filter: AttributeFilter? = nil) {
    var unique: [Attribute] = []
    for attribute in given {
      if let filter, !filter.keeps(attribute.key) { continue }
      if let index = unique.firstIndex(where: { $0.key == attribute.key }) {
        unique[index] = attribute
      } else {
        unique.append(attribute)
      }
    }
    unique.sort { $0.key < $1.key }
    attributes = unique
    hash = unique.withUnsafeBufferPointer { AttributeHash.hash($0) }
  }

  /// The attributes that `filter` leaves out, which exemplars keep.
  static func dropped(from given: [Attribute], by filter: AttributeFilter?) -> [Attribute] {
    guard let filter else { return [] }
    return AttributeSet(given.filter { !filter.keeps($0.key) }).attributes
  }

  static func hasNameTwice(_ given: UnsafeBufferPointer<Attribute>) -> Bool {
    for index in 0..<given.count {
      for earlier in 0..<index where given[earlier].key == given[index].key { return true }
    }
    return false
  }
}

extension AttributeSet: Hashable {
  static func == (a: AttributeSet, b: AttributeSet) -> Bool {
    a.hash == b.hash && zip(a.attributes, b.attributes).allSatisfy { $0.isSame(as: $1) }
      && a.attributes.count == b.attributes.count
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
