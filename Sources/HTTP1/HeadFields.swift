package import HTTPTypes

/// The field lines of a head or trailer section, turned into strings only when asked for. Names are
/// compared without regard to case.
///
/// A look-up goes through the lines: O(n), without allocation but for the result.
package struct HeadFields: Sendable {
  let storage: HeadStorage

  /// The number of field lines.
  package var count: Int { storage.fieldCount }

  package var isEmpty: Bool { storage.fieldCount == 0 }

  /// The value of the field, several lines joined by `, ` (RFC 9110 §5.3); nil when absent.
  package subscript(name: HTTPField.Name) -> String? {
    var combined: String?
    forEachValue(of: name) { value in
      combined = combined.map { "\($0), \(value.text)" } ?? value.text
    }
    return combined
  }

  /// The value of the field, as by the subscript, for a name that comes as text.
  package func value(named name: String) -> String? {
    var combined: String?
    for index in 0..<storage.fieldCount {
      let field = storage.field(at: index)
      guard isNamed(field, name) else { continue }
      let value = storage.text(field.value)
      combined = combined.map { "\($0), \(value)" } ?? value
    }
    return combined
  }

  /// The value of the first line of that name; nil when there is none.
  package func first(_ name: HTTPField.Name) -> String? {
    for index in 0..<storage.fieldCount {
      let field = storage.field(at: index)
      if isNamed(field, name.canonicalName) { return storage.text(field.value) }
    }
    return nil
  }

  /// The values of all lines of that name, in order.
  package func values(of name: HTTPField.Name) -> [String] {
    var values: [String] = []
    forEachValue(of: name) { values.append($0.text) }
    return values
  }

  package func contains(_ name: HTTPField.Name) -> Bool {
    for index in 0..<storage.fieldCount
    where isNamed(storage.field(at: index), name.canonicalName) { return true }
    return false
  }

  /// Whether one of the comma-separated elements of the field is `token`, but for case.
  /// - Parameter token: In lower case.
  package func contains(_ name: HTTPField.Name, token: StaticString) -> Bool {
    var isFound = false
    forEachValue(of: name) { value in
      TokenList.forEachElement(of: value) { if $0.matches(token) { isFound = true } }
    }
    return isFound
  }

  /// Calls `body` with the value's bytes of every line of that name, in order.
  package func forEachValue(of name: HTTPField.Name, _ body: (Span<UInt8>) -> Void) {
    for index in 0..<storage.fieldCount {
      let field = storage.field(at: index)
      if isNamed(field, name.canonicalName) { storage.withSpan(field.value, body) }
    }
  }

  /// Calls `body` with the bytes of every line's name, as it came, and value, in order.
  package func forEach(_ body: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
    for index in 0..<storage.fieldCount {
      let field = storage.field(at: index)
      storage.withSpan(field.name) { name in
        storage.withSpan(field.value) { value in body(name, value) }
      }
    }
  }

  /// Every field line in order, names as they came.
  package var all: [(name: String, value: String)] {
    (0..<storage.fieldCount).map { index in
      let field = storage.field(at: index)
      return (storage.text(field.name), storage.text(field.value))
    }
  }

  /// As a value of swift-http-types, in order; more than its 65,534 lines are left out.
  package var httpFields: HTTPFields {
    var fields = HTTPFields()
    for index in 0..<min(storage.fieldCount, Int(UInt16.max) - 1) {
      let field = storage.field(at: index)
      // Every name that was accepted is a token, which is all that the initialiser asks.
      guard let name = HTTPField.Name(storage.text(field.name)) else { continue }
      fields.append(HTTPField(name: name, value: storage.text(field.value)))
    }
    return fields
  }

  @inline(__always)
  private func isNamed(_ field: FieldSlice, _ name: String) -> Bool {
    storage.withSpan(field.name) { $0.matches(name) }
  }
}
