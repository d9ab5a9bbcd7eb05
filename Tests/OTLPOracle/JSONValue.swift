import Foundation

/// A JSON document that tests look into: a missing member or element is `nothing`, whose every
/// reading is nil.
package struct JSONValue: @unchecked Sendable, CustomStringConvertible {
  // Proof for `@unchecked Sendable`: the object tree comes from JSONSerialization and is never
  // changed.
  private let object: Any?

  package init(_ object: Any?) { self.object = object }

  package init(parsing text: String) throws {
    object = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  package subscript(name: String) -> JSONValue { JSONValue((object as? [String: Any])?[name]) }

  package subscript(index: Int) -> JSONValue {
    guard let list = object as? [Any], list.indices.contains(index) else { return JSONValue(nil) }
    return JSONValue(list[index])
  }

  package var exists: Bool { object != nil }
  package var string: String? { object as? String }
  package var bool: Bool? { object as? Bool }
  package var double: Double? { (object as? NSNumber)?.doubleValue }
  package var names: [String] { (object as? [String: Any])?.keys.sorted() ?? [] }
  package var list: [JSONValue] { (object as? [Any] ?? []).map { JSONValue($0) } }

  /// A number, or a decimal text: protobuf writes integers of 64 bits as texts.
  package var int: Int? { string.flatMap { Int($0) } ?? (object as? NSNumber)?.intValue }

  /// The value of an attribute in a list of `KeyValue`.
  package func attribute(_ key: String) -> JSONValue {
    list.first { $0["key"].string == key }?["value"] ?? JSONValue(nil)
  }

  /// Whether both are the same document, whatever the order of members.
  package func isSame(as other: JSONValue) -> Bool {
    (object as? NSObject) == (other.object as? NSObject)
  }

  package var description: String { object.map { "\($0)" } ?? "nothing" }
}
