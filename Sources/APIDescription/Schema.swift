/// What a value may be, as JSON Schema (draft 2020-12, which OpenAPI 3.1 uses). Named parts are
/// told once, among the document's components.
package struct Schema: Sendable {
  let json: JSONValue
  /// The named schemas that it refers to, its own included.
  let definitions: [JSONValue.Member]

  private init(_ json: JSONValue, _ definitions: [JSONValue.Member] = []) {
    self.json = json
    self.definitions = definitions
  }

  /// The same values, under a name of their own.
  package func named(_ name: String) -> Schema {
    let definition = json.adding([JSONValue.Member("title", .string(name))])
    return Schema(
      ["$ref": .string("#/components/schemas/\(name)")],
      definitions + [JSONValue.Member(name, definition)])
  }

  package func described(_ description: String) -> Schema {
    Schema(json.adding([JSONValue.Member("description", .string(description))]), definitions)
  }

  /// A text.
  /// - Parameters:
  ///   - length: Of how many characters.
  ///   - pattern: A regular expression (ECMA-262) that it matches.
  ///   - format: What it stands for, in JSON Schema's vocabulary.
  package static func text(
    length: ClosedRange<Int>? = nil, pattern: String? = nil, format: String? = nil
  ) -> Schema {
    var members = [JSONValue.Member("type", "string")]
    if let length {
      members.append(JSONValue.Member("minLength", .integer(Int64(length.lowerBound))))
      members.append(JSONValue.Member("maxLength", .integer(Int64(length.upperBound))))
    }
    if let pattern { members.append(JSONValue.Member("pattern", .string(pattern))) }
    if let format { members.append(JSONValue.Member("format", .string(format))) }
    return Schema(.object(members))
  }

  /// An integer. It is told as one of 64 bits; a bound that 64 bits set anyway is told, too.
  package static func integer(in range: ClosedRange<Int64> = .min ... .max) -> Schema {
    Schema([
      "type": "integer", "format": "int64", "minimum": .integer(range.lowerBound),
      "maximum": .integer(range.upperBound),
    ])
  }

  package static let boolean = Schema(["type": "boolean"])
  package static let null = Schema(["type": "null"])

  /// Nothing but `text`.
  package static func constant(_ text: String) -> Schema {
    Schema(["type": "string", "const": .string(text)])
  }

  /// One of `texts`.
  package static func choice(_ texts: [String]) -> Schema {
    Schema(["type": "string", "enum": .array(texts.map { .string($0) })])
  }

  package static func array(of element: Schema) -> Schema {
    Schema(["type": "array", "items": element.json], element.definitions)
  }

  /// An array of exactly `elements`, in their order.
  package static func tuple(_ elements: [Schema]) -> Schema {
    Schema(
      [
        "type": "array", "prefixItems": .array(elements.map(\.json)),
        "minItems": .integer(Int64(elements.count)), "maxItems": .integer(Int64(elements.count)),
      ], elements.flatMap(\.definitions))
  }

  /// An object with all of `members` and no others.
  package static func object(_ members: [(name: String, schema: Schema)]) -> Schema {
    Schema(
      [
        "type": "object",
        "properties": .object(members.map { JSONValue.Member($0.name, $0.schema.json) }),
        "required": .array(members.map { .string($0.name) }), "additionalProperties": false,
      ], members.flatMap(\.schema.definitions))
  }

  /// Any of `schemas`.
  package static func any(of schemas: [Schema]) -> Schema {
    if schemas.count == 1, let only = schemas.first { return only }
    return Schema(["anyOf": .array(schemas.map(\.json))], schemas.flatMap(\.definitions))
  }
}
