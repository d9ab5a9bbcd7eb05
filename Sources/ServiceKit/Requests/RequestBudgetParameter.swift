package import APIDescription

/// The `Request-Timeout-Ms` field, which may be left out.
package struct RequestBudgetParameter: RequestParameter {
  package init() {}

  package var documentation: ParameterDescription {
    ParameterDescription(
      "Request-Timeout-Ms", in: .header, isRequired: false, schema: .text(),
      description: """
        Milliseconds that you wait for the answer, in up to nine digits: what cannot be done in \
        that time is not done. What is no such number says nothing.
        """,
      example: "2000")
  }

  package func read(_ reader: inout ParameterReader) -> Duration? {
    RequestBudget.remaining(reader.request)
  }
}
