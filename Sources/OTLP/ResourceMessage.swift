package import Bytes

/// What produced the telemetry (opentelemetry-proto `resource.v1.Resource`), with the schema of its
/// attributes.
public struct ResourceMessage: Sendable, Hashable {
  public var attributes: [Attribute]
  public var droppedAttributesCount: UInt32
  /// `schema_url` of the envelope (`ResourceSpans` and its kin), empty when unknown.
  public var schemaURL: String

  public init(
    attributes: [Attribute], droppedAttributesCount: UInt32 = 0, schemaURL: String = ""
  ) {
    self.attributes = attributes
    self.droppedAttributesCount = droppedAttributesCount
    self.schemaURL = schemaURL
  }
}

/// Which part of the program produced the telemetry (opentelemetry-proto
/// `common.v1.InstrumentationScope`), with the schema of its telemetry.
public struct InstrumentationScope: Sendable, Hashable {
  public var name: String
  public var version: String
  public var attributes: [Attribute]
  public var droppedAttributesCount: UInt32
  /// `schema_url` of the envelope (`ScopeSpans` and its kin), empty when unknown.
  public var schemaURL: String

  public init(
    name: String, version: String = "", attributes: [Attribute] = [],
    droppedAttributesCount: UInt32 = 0, schemaURL: String = ""
  ) {
    self.name = name
    self.version = version
    self.attributes = attributes
    self.droppedAttributesCount = droppedAttributesCount
    self.schemaURL = schemaURL
  }
}

extension ByteQueue {
  /// Appends a `Resource` field, without the schema URL, which belongs to the envelope.
  package mutating func append(field: Int, resource: ResourceMessage) {
    let mark = beginMessage(field: field)
    append(field: 1, attributes: resource.attributes)
    if resource.droppedAttributesCount > 0 {
      append(field: 2, varint: UInt64(resource.droppedAttributesCount))
    }
    endMessage(mark)
  }

  /// Appends an `InstrumentationScope` field, without the schema URL, which belongs to the envelope.
  package mutating func append(field: Int, scope: InstrumentationScope) {
    let mark = beginMessage(field: field)
    if !scope.name.isEmpty { append(field: 1, string: scope.name) }
    if !scope.version.isEmpty { append(field: 2, string: scope.version) }
    append(field: 3, attributes: scope.attributes)
    if scope.droppedAttributesCount > 0 {
      append(field: 4, varint: UInt64(scope.droppedAttributesCount))
    }
    endMessage(mark)
  }
}
