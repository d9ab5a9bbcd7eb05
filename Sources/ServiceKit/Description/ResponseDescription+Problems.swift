package import APIDescription
package import HTTPTypes

extension ResponseDescription {
  /// An answer `{"detail": …}`.
  /// - Parameter details: All that it can say, each with what that means.
  package static func problem(
    _ status: HTTPResponse.Status, _ description: String, details: [String], fields: [Field] = []
  ) -> Self {
    Self(
      status, description, schema: problemSchema(details), examples: details.map(example),
      fields: fields)
  }

  /// 400, and what malformed HTTP gets besides.
  package static func badRequest(_ description: String, details: [String]) -> Self {
    problem(
      .badRequest, description + " `Bad Request`: malformed HTTP; the connection is closed.",
      details: details + ["Bad Request"])
  }

  /// 422 with everything that is wrong with the parameters.
  /// - Parameter details: What else is answered with 422.
  package static func unprocessable(details: [String] = []) -> Self {
    let missing: JSONValue = [
      "type": "missing", "loc": ["query", "product_id"], "msg": "Field required", "input": nil,
    ]
    let conflict = details.isEmpty ? "" : " Or the key was used before, with other parameters."
    return Self(
      .unprocessableContent, "Everything that is wrong with the parameters." + conflict,
      schema: .any(of: [validationError] + (details.isEmpty ? [] : [problemSchema(details)])),
      examples: [Example("Field required", ["detail": [missing]])] + details.map(example))
  }

  /// 503, with the time after which it may be tried again.
  package static func unavailable(_ description: String, details: [String]) -> Self {
    problem(
      .serviceUnavailable, description, details: details,
      fields: [
        Field(
          "Retry-After", isRequired: true, schema: .integer(in: 1...86_400),
          description: "Seconds after which it may be tried again (RFC 9110 §10.2.3).", example: 1)
      ])
  }

  private static func problemSchema(_ details: [String]) -> Schema {
    .object([("detail", .choice(details))])
  }

  private static func example(_ detail: String) -> Example {
    Example(detail, ["detail": .string(detail)])
  }

  /// The names are those that clients of the replaced system may have in their code.
  private static var validationError: Schema {
    let issue = Schema.object([
      (
        "type",
        .choice([
          "missing", "int_parsing", "int_parsing_size", "less_than_equal", "greater_than_equal",
          "string_too_short", "string_too_long",
        ]).described("What is wrong, for programs.")
      ),
      ("loc", .tuple([.constant("query"), .text()]).described("Where: the parameter's name.")),
      ("msg", .text().described("What is wrong, for people.")),
      ("input", .any(of: [.text(), .null]).described("What was given; null when nothing was.")),
    ]).named("ValidationError")
    return .object([("detail", .array(of: issue))]).named("HTTPValidationError")
  }
}
