import HTTPTypes

/// A service's whole interface, and the OpenAPI 3.1 document that tells of it.
package struct APIDescription: Sendable {
  package struct Tag: Sendable {
    let name: String
    let description: String

    package init(_ name: String, _ description: String) {
      self.name = name
      self.description = description
    }
  }

  package let title: String
  package let version: String
  /// In CommonMark.
  package let description: String
  package let tags: [Tag]
  package let endpoints: [Endpoint]
  /// What every endpoint may answer besides its own.
  package let sharedResponses: [ResponseDescription]
  /// Fields of every answer with an error.
  package let errorFields: [ResponseDescription.Field]

  package init(
    title: String, version: String, description: String, tags: [Tag], endpoints: [Endpoint],
    sharedResponses: [ResponseDescription], errorFields: [ResponseDescription.Field]
  ) {
    self.title = title
    self.version = version
    self.description = description
    self.tags = tags
    self.endpoints = endpoints
    self.sharedResponses = sharedResponses
    self.errorFields = errorFields
  }

  /// The document (OpenAPI Specification 3.1.0, as the replaced system).
  /// - Parameter extensions: Members of the specification's `x-` kind.
  package func openAPI(extensions: [JSONValue.Member] = []) -> JSONValue {
    let document: JSONValue = [
      "openapi": "3.1.0",
      "info": [
        "title": .string(title), "version": .string(version),
        "description": .string(description),
      ],
      // Wherever it was loaded from: the service does not know what it is called outside.
      "servers": [["url": "/"]],
      "tags": .array(
        tags.map { ["name": .string($0.name), "description": .string($0.description)] }),
      "paths": .object(paths),
      "components": ["schemas": .object(schemas), "responses": .object(responses)],
    ]
    return document.adding(extensions)
  }

  private var paths: [JSONValue.Member] {
    var order: [String] = []
    var operations: [String: [JSONValue.Member]] = [:]
    for endpoint in endpoints {
      if operations[endpoint.path] == nil { order.append(endpoint.path) }
      operations[endpoint.path, default: []].append(
        JSONValue.Member(
          endpoint.method.rawValue.lowercased(),
          endpoint.json(shared: sharedResponses, common: errorFields)))
    }
    return order.map { JSONValue.Member($0, .object(operations[$0] ?? [])) }
  }

  private var schemas: [JSONValue.Member] {
    let all = endpoints.flatMap(\.definitions) + sharedResponses.flatMap(\.schema.definitions)
    var seen: Set<String> = []
    return all.filter { seen.insert($0.name).inserted }.sorted { $0.name < $1.name }
  }

  private var responses: [JSONValue.Member] {
    sharedResponses.map { JSONValue.Member($0.componentName, $0.json(addingToErrors: errorFields)) }
  }
}
