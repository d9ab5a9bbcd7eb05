package import HTTPTypes

/// The fields of a message head, turned into strings only when asked for.
package struct HeadFields: Sendable {
  let storage: HeadStorage

  /// The number of field lines.
  package var count: Int { storage.fields.count }

  /// The value of the field, several lines joined by a comma (RFC 9110 §5.3); nil when absent.
  package subscript(name: HTTPField.Name) -> String? {
    storage.combinedValue(name.canonicalName)
  }

  /// Every field line in order, names as they came.
  package var all: [(name: String, value: String)] {
    storage.fields.map { (storage.text($0.name), storage.text($0.value)) }
  }
}
