package import HTTPTypes

/// One endpoint as clients see it: what it is called by, what it takes, and what it answers.
package struct Endpoint: Sendable {
  package let method: HTTPRequest.Method
  package let path: String
  /// What generated clients call it; unique in a document.
  package let operationID: String
  /// The group that it is shown in.
  package let tag: String
  package let summary: String
  package let description: String
  package let parameters: [ParameterDescription]
  /// In the order of their statuses. The answers that every endpoint may give are not among them.
  package let responses: [ResponseDescription]

  package init(
    _ method: HTTPRequest.Method, _ path: String, operationID: String, tag: String,
    summary: String, description: String, parameters: [ParameterDescription] = [],
    responses: [ResponseDescription]
  ) {
    self.method = method
    self.path = path
    self.operationID = operationID
    self.tag = tag
    self.summary = summary
    self.description = description
    self.parameters = parameters
    self.responses = responses
  }

  /// - Parameters:
  ///   - shared: What every endpoint may answer besides.
  ///   - common: Fields of every answer with an error.
  func json(shared: [ResponseDescription], common: [ResponseDescription.Field]) -> JSONValue {
    var members: [JSONValue.Member] = [
      JSONValue.Member("operationId", .string(operationID)),
      JSONValue.Member("tags", [.string(tag)]),
      JSONValue.Member("summary", .string(summary)),
      JSONValue.Member("description", .string(description)),
    ]
    if !parameters.isEmpty {
      members.append(JSONValue.Member("parameters", .array(parameters.map(\.json))))
    }
    let own = responses.map {
      JSONValue.Member("\($0.status.code)", $0.json(addingToErrors: common))
    }
    let statuses = Set(responses.map(\.status.code))
    let further = shared.filter { !statuses.contains($0.status.code) }.map {
      JSONValue.Member(
        "\($0.status.code)", ["$ref": .string("#/components/responses/\($0.componentName)")])
    }
    members.append(
      JSONValue.Member("responses", .object((own + further).sorted { $0.name < $1.name })))
    return .object(members)
  }

  /// The named schemas that it refers to.
  var definitions: [JSONValue.Member] {
    parameters.flatMap(\.schema.definitions) + responses.flatMap(\.schema.definitions)
  }
}
