import Bytes

/// One thing wrong with a request's parameters, in the words that clients of the service know.
package struct ValidationIssue: Hashable, Sendable {
  package let type: String
  package let parameter: String
  package let message: String
  /// What was given; nil when the parameter is missing.
  package let input: String?

  package static func missing(_ parameter: String) -> Self {
    Self(type: "missing", parameter: parameter, message: "Field required", input: nil)
  }

  package static func notAnInteger(_ parameter: String, input: String) -> Self {
    Self(
      type: "int_parsing", parameter: parameter,
      message: "Input should be a valid integer, unable to parse string as an integer",
      input: input)
  }

  package static func integerTooLong(_ parameter: String, input: String) -> Self {
    Self(
      type: "int_parsing_size", parameter: parameter,
      message: "Unable to parse input string as an integer, exceeded maximum size", input: input)
  }

  /// An integer above `limit`.
  package static func tooLarge(_ parameter: String, input: String, limit: Int64) -> Self {
    Self(
      type: "less_than_equal", parameter: parameter,
      message: "Input should be less than or equal to \(limit)", input: input)
  }

  /// An integer below `limit`.
  package static func tooSmall(_ parameter: String, input: String, limit: Int64) -> Self {
    Self(
      type: "greater_than_equal", parameter: parameter,
      message: "Input should be greater than or equal to \(limit)", input: input)
  }

  package static func empty(_ parameter: String) -> Self {
    Self(
      type: "string_too_short", parameter: parameter,
      message: "String should have at least 1 character", input: "")
  }

  package static func tooLong(_ parameter: String, input: String, limit: Int) -> Self {
    Self(
      type: "string_too_long", parameter: parameter,
      message: "String should have at most \(limit) characters", input: input)
  }
}

extension ValidationIssue {
  /// The body of a 422 answer: every issue, in the order of the parameters.
  package static func body(_ issues: [ValidationIssue]) -> [UInt8] {
    var queue = ByteQueue(capacity: 256)
    queue.append("{\"detail\":[" as StaticString)
    for (index, issue) in issues.enumerated() {
      if index > 0 { queue.append(UInt8(ascii: ",")) }
      queue.append("{\"type\":" as StaticString)
      queue.append(json: issue.type)
      queue.append(",\"loc\":[\"query\"," as StaticString)
      queue.append(json: issue.parameter)
      queue.append("],\"msg\":" as StaticString)
      queue.append(json: issue.message)
      queue.append(",\"input\":" as StaticString)
      if let input = issue.input {
        queue.append(json: input)
      } else {
        queue.append("null" as StaticString)
      }
      queue.append(UInt8(ascii: "}"))
    }
    queue.append("]}" as StaticString)
    return queue.array()
  }
}
