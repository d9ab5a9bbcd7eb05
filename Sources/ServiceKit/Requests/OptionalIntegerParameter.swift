package import APIDescription

/// An integer in the query that may be left out.
package struct OptionalIntegerParameter: RequestParameter {
  private let parameter: IntegerParameter

  init(_ parameter: IntegerParameter) { self.parameter = parameter }

  package var documentation: ParameterDescription { parameter.documentation(isRequired: false) }

  /// nil when it is not given.
  package func read(_ reader: inout ParameterReader) -> Int64? {
    reader.query(parameter.name).map { parameter.value(of: $0, &reader) }
  }
}
