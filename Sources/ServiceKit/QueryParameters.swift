import HTTPTypes
import HTTP1
package import HTTPServer
import Validation

/// Reads a request's query parameters, and collects everything that is wrong with them, so that
/// one answer tells it all.
package struct QueryParameters {
  private let request: ServerRequest
  private var issues: [ValidationIssue] = []

  package init(_ request: ServerRequest) { self.request = request }

  /// A required text of 1 to `charactersMax` characters.
  package mutating func text(_ name: StaticString, charactersMax: Int = 1000) -> String {
    guard let value = value(name) else { return missing(name, "") }
    if value.isEmpty { issues.append(.empty("\(name)")) }
    if value.unicodeScalars.count > charactersMax {
      issues.append(.tooLong("\(name)", input: value, limit: charactersMax))
    }
    return value
  }

  /// A required integer in `range`.
  package mutating func integer(
    _ name: StaticString, in range: ClosedRange<Int64> = .min ... .max
  ) -> Int64 {
    guard let value = value(name) else { return missing(name, 0) }
    return integer("\(name)", value, range)
  }

  /// An integer in `range`, or nil when the parameter is not given.
  package mutating func optionalInteger(
    _ name: StaticString, in range: ClosedRange<Int64>
  ) -> Int64? {
    guard let value = value(name) else { return nil }
    return integer("\(name)", value, range)
  }

  /// The 422 answer; nil when nothing is wrong.
  package var refusal: ServerResponse? {
    issues.isEmpty ? nil : .json(ValidationIssue.body(issues), status: .unprocessableContent)
  }

  private func value(_ name: StaticString) -> String? {
    request.head.withQueryBytes { QueryString.value(of: name, in: $0) }
  }

  private mutating func missing<Value>(_ name: StaticString, _ placeholder: Value) -> Value {
    issues.append(.missing("\(name)"))
    return placeholder
  }

  private mutating func integer(
    _ name: String, _ text: String, _ range: ClosedRange<Int64>
  ) -> Int64 {
    switch LenientInteger.parse(text) {
    case .value(let value):
      if value > range.upperBound {
        issues.append(.tooLarge(name, input: text, limit: range.upperBound))
      } else if value < range.lowerBound {
        issues.append(.tooSmall(name, input: text, limit: range.lowerBound))
      }
      return value
    case .outOfRange:
      let isNegative = text.contains("-")
      issues.append(
        isNegative
          ? .tooSmall(name, input: text, limit: range.lowerBound)
          : .tooLarge(name, input: text, limit: range.upperBound))
    case .tooLong: issues.append(.integerTooLong(name, input: text))
    case .invalid: issues.append(.notAnInteger(name, input: text))
    }
    return 0
  }
}
