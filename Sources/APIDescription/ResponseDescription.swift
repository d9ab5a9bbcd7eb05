package import HTTPTypes

/// One kind of answer: its status, its content, and when it is given.
package struct ResponseDescription: Sendable {
  /// A content that this answer can have.
  package struct Example: Sendable {
    let name: String
    let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// A field that it has besides those of every answer.
  package struct Field: Sendable {
    let name: String
    let description: String
    let isRequired: Bool
    let schema: Schema
    let example: JSONValue

    package init(
      _ name: String, isRequired: Bool, schema: Schema, description: String, example: JSONValue
    ) {
      self.name = name
      self.isRequired = isRequired
      self.schema = schema
      self.description = description
      self.example = example
    }

    var json: JSONValue {
      [
        "description": .string(description), "required": .bool(isRequired), "schema": schema.json,
        "example": example,
      ]
    }
  }

  package let status: HTTPResponse.Status
  package let description: String
  package let schema: Schema
  package let examples: [Example]
  package let fields: [Field]

  package init(
    _ status: HTTPResponse.Status, _ description: String, schema: Schema, examples: [Example],
    fields: [Field] = []
  ) {
    self.status = status
    self.description = description
    self.schema = schema
    self.examples = examples
    self.fields = fields
  }

  /// The name among the document's components of an answer that every endpoint may give.
  var componentName: String { status.reasonPhrase.filter { $0.isLetter } }

  /// - Parameter common: Fields of every answer with an error.
  func json(addingToErrors common: [Field]) -> JSONValue {
    let fields = fields + (status.code >= 400 ? common : [])
    var members = [JSONValue.Member("description", .string(description))]
    if !fields.isEmpty {
      members.append(
        JSONValue.Member("headers", .object(fields.map { JSONValue.Member($0.name, $0.json) })))
    }
    let examples = examples.map { JSONValue.Member($0.name, ["value": $0.value]) }
    let content: JSONValue = ["schema": schema.json, "examples": .object(examples)]
    members.append(JSONValue.Member("content", ["application/json": content]))
    return .object(members)
  }
}
