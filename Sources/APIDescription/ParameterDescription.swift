/// What a request can say in its query or in a field of its head.
package struct ParameterDescription: Sendable {
  package enum Location: String, Sendable {
    case query, header
  }

  package let name: String
  package let location: Location
  package let isRequired: Bool
  package let schema: Schema
  package let description: String
  /// A value that works, when the documentation is tried out.
  package let example: JSONValue

  package init(
    _ name: String, in location: Location = .query, isRequired: Bool, schema: Schema,
    description: String, example: JSONValue
  ) {
    self.name = name
    self.location = location
    self.isRequired = isRequired
    self.schema = schema
    self.description = description
    self.example = example
  }

  var json: JSONValue {
    [
      "name": .string(name), "in": .string(location.rawValue), "required": .bool(isRequired),
      "description": .string(description), "schema": schema.json, "example": example,
    ]
  }
}
