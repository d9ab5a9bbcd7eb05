package import HTTPTypes

extension HTTPField.Name {
  /// A name that stands in the program.
  /// - Precondition: A token (RFC 9110 §5.6.2).
  package static func known(_ name: StaticString) -> Self {
    guard let name = Self("\(name)") else { preconditionFailure("\(name) is no field name") }
    return name
  }
}
