package import APIDescription
package import HTTPTypes

/// An endpoint's declaration: requests are validated by it and handed to its handler as values, and
/// the documentation is made from it.
package struct Operation<each Parameter: RequestParameter>: Sendable {
  package let endpoint: Endpoint
  let parameters: (repeat each Parameter)

  /// - Parameters:
  ///   - parameters: What it takes, in the order in which errors are told.
  ///   - responses: What it answers besides what is answered to parameters that cannot be used,
  ///     which is told by itself.
  package init(
    _ method: HTTPRequest.Method, _ path: String, operationID: String, tag: String,
    summary: String, description: String, parameters: repeat each Parameter,
    responses: [ResponseDescription]
  ) {
    self.parameters = (repeat each parameters)
    var descriptions: [ParameterDescription] = []
    for parameter in repeat each parameters { descriptions.append(parameter.documentation) }
    endpoint = Endpoint(
      method, path, operationID: operationID, tag: tag, summary: summary,
      description: description, parameters: descriptions, responses: responses)
  }
}
