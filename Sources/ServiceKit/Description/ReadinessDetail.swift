package import APIDescription

/// Something that `/health/ready` of a service shows beside what all of them do.
package struct ReadinessDetail: Sendable {
  let name: String
  let schema: Schema
  let example: String

  package init(_ name: String, _ schema: Schema, example: String) {
    self.name = name
    self.schema = schema
    self.example = example
  }
}
