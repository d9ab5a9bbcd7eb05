package import APIDescription
import Validation

/// A text in the query, which must be given.
package struct TextParameter: RequestParameter {
  private let name: StaticString
  private let charactersMax: Int
  private let description: String
  private let example: String

  /// - Parameter charactersMax: It has 1 to so many characters (Unicode scalars).
  package init(_ name: StaticString, charactersMax: Int, _ description: String, example: String) {
    self.name = name
    self.charactersMax = charactersMax
    self.description = description
    self.example = example
  }

  package var documentation: ParameterDescription {
    ParameterDescription(
      "\(name)", isRequired: true, schema: .text(length: 1...charactersMax),
      description: description, example: .string(example))
  }

  package func read(_ reader: inout ParameterReader) -> String {
    guard let value = reader.query(name) else {
      reader.add(.missing("\(name)"))
      return ""
    }
    if value.isEmpty { reader.add(.empty("\(name)")) }
    if value.unicodeScalars.count > charactersMax {
      reader.add(.tooLong("\(name)", input: value, limit: charactersMax))
    }
    return value
  }
}
