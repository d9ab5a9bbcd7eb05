import APIDescription
import Bytes
import Foundation
import HTTPTypes
import Testing

/// The document's shape; whether it is valid OpenAPI, and true, `Tests/Integration` shows.
@Suite struct APIDescriptionTests {
  private static let thing = Schema.object([
    ("id", .integer(in: 1...9)), ("kind", .choice(["a", "b"]).described("Its kind.")),
  ]).named("Thing")

  private static let api = APIDescription(
    title: "Things", version: "1.2.3", description: "All `things`.",
    tags: [APIDescription.Tag("things", "Things.")],
    endpoints: [
      Endpoint(
        .get, "/things", operationID: "list", tag: "things", summary: "List", description: "Lists.",
        parameters: [
          ParameterDescription(
            "limit", isRequired: false, schema: .integer(in: 1...2), description: "A limit.",
            example: 1)
        ],
        responses: [
          ResponseDescription(
            .ok, "They.", schema: .array(of: thing),
            examples: [.init("one", [["id": 1, "kind": "a"]])]),
          ResponseDescription(
            .serviceUnavailable, "Later.", schema: thing, examples: [],
            fields: [
              .init("Retry-After", isRequired: true, schema: .integer(in: 1...9),
                description: "Seconds.", example: 1)
            ]),
        ]),
      Endpoint(
        .post, "/things", operationID: "add", tag: "things", summary: "Add", description: "Adds.",
        responses: [
          ResponseDescription(
            .badRequest, "Its own.", schema: .any(of: [thing, .null]), examples: [])
        ]),
    ],
    sharedResponses: [
      ResponseDescription(.badRequest, "Malformed.", schema: .text(), examples: []),
      ResponseDescription(.requestTimeout, "Slow.", schema: .text(), examples: []),
    ],
    errorFields: [
      .init("traceresponse", isRequired: false, schema: .text(), description: "It.", example: "t")
    ])

  /// The part of the document that `path` leads to, as text.
  private func part(_ path: String...) throws -> String {
    var queue = ByteQueue(capacity: 16)
    Self.api.openAPI(extensions: [.init("x-more", 1)]).append(to: &queue)
    var found = try JSONSerialization.jsonObject(with: Data(queue.array()))
    for name in path { found = try #require((found as? [String: Any])?[name], "\(name)") }
    let data = try JSONSerialization.data(
      withJSONObject: found, options: [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }

  @Test func theHead() throws {
    #expect(try part("openapi") == #""3.1.0""#)
    #expect(
      try part("info") == #"{"description":"All `things`.","title":"Things","version":"1.2.3"}"#)
    #expect(try part("tags") == #"[{"description":"Things.","name":"things"}]"#)
    #expect(try part("x-more") == "1")
  }

  @Test func parameters() throws {
    #expect(
      try part("paths", "/things", "get", "parameters")
        == #"[{"description":"A limit.","example":1,"in":"query","name":"limit","required":false,"schema":{"format":"int64","maximum":2,"minimum":1,"type":"integer"}}]"#)
  }

  @Test func namedSchemasAreToldOnce() throws {
    #expect(
      try part("components", "schemas")
        == #"{"Thing":{"additionalProperties":false,"properties":{"id":{"format":"int64","maximum":9,"minimum":1,"type":"integer"},"kind":{"description":"Its kind.","enum":["a","b"],"type":"string"}},"required":["id","kind"],"title":"Thing","type":"object"}}"#)
    #expect(
      try part("paths", "/things", "get", "responses", "200")
        == ##"{"content":{"application/json":{"examples":{"one":{"value":[{"id":1,"kind":"a"}]}},"schema":{"items":{"$ref":"#/components/schemas/Thing"},"type":"array"}}},"description":"They."}"##)
  }

  /// An endpoint's own answer stands where a shared one has its status.
  @Test func answersOfEveryEndpoint() throws {
    #expect(
      try part("paths", "/things", "get", "responses", "408")
        == ##"{"$ref":"#/components/responses/RequestTimeout"}"##)
    #expect(
      try part("paths", "/things", "post", "responses", "400", "description") == #""Its own.""#)
    #expect(
      try part("paths", "/things", "get", "responses", "400")
        == ##"{"$ref":"#/components/responses/BadRequest"}"##)
    #expect(
      try part("components", "responses", "RequestTimeout", "headers")
        == #"{"traceresponse":{"description":"It.","example":"t","required":false,"schema":{"type":"string"}}}"#)
  }

  @Test func fieldsOfErrors() throws {
    #expect(
      try part("paths", "/things", "get", "responses", "503", "headers", "Retry-After", "required")
        == "true")
    #expect(
      try part("paths", "/things", "get", "responses", "503", "headers", "traceresponse", "example")
        == #""t""#)
  }
}
