package import APIDescription
import Validation

/// An integer in the query, which must be given.
package struct IntegerParameter: RequestParameter {
  let name: StaticString
  let range: ClosedRange<Int64>
  private let description: String
  private let example: Int64

  package init(
    _ name: StaticString, in range: ClosedRange<Int64> = .min ... .max, _ description: String,
    example: Int64
  ) {
    self.name = name
    self.range = range
    self.description = description
    self.example = example
  }

  /// The same, but it may be left out.
  package var optional: OptionalIntegerParameter { OptionalIntegerParameter(self) }

  package var documentation: ParameterDescription { documentation(isRequired: true) }

  func documentation(isRequired: Bool) -> ParameterDescription {
    ParameterDescription(
      "\(name)", isRequired: isRequired, schema: .integer(in: range), description: description,
      example: .integer(example))
  }

  package func read(_ reader: inout ParameterReader) -> Int64 {
    guard let text = reader.query(name) else {
      reader.add(.missing("\(name)"))
      return 0
    }
    return value(of: text, &reader)
  }

  func value(of text: String, _ reader: inout ParameterReader) -> Int64 {
    let name = "\(name)"
    switch LenientInteger.parse(text) {
    case .value(let value):
      if value > range.upperBound {
        reader.add(.tooLarge(name, input: text, limit: range.upperBound))
      } else if value < range.lowerBound {
        reader.add(.tooSmall(name, input: text, limit: range.lowerBound))
      }
      return value
    case .outOfRange:
      let isNegative = text.contains("-")
      reader.add(
        isNegative
          ? .tooSmall(name, input: text, limit: range.lowerBound)
          : .tooLarge(name, input: text, limit: range.upperBound))
    case .tooLong: reader.add(.integerTooLong(name, input: text))
    case .invalid: reader.add(.notAnInteger(name, input: text))
    }
    return 0
  }
}
