public import OTLP

extension ResourceMessage {
  /// A resource with nothing in it.
  public static let empty = ResourceMessage(attributes: [])

  /// The value of an attribute; nil when there is none of that name.
  public subscript(key: String) -> AttributeValue? {
    attributes.first { $0.key == key }?.value
  }

  /// Both resources in one (OpenTelemetry specification, "Resource SDK", "Merge"): where both have an
  /// attribute, the value of `updating` counts, also when it is empty.
  ///
  /// The schema is the one that both have, or the one of the two that has one. When there are two
  /// different ones the merged resource has none, as no single one describes it.
  public func merging(_ updating: ResourceMessage) -> ResourceMessage {
    var merged = self
    for attribute in updating.attributes {
      if let index = merged.attributes.firstIndex(where: { $0.key == attribute.key }) {
        merged.attributes[index].value = attribute.value
      } else {
        merged.attributes.append(attribute)
      }
    }
    merged.droppedAttributesCount &+= updating.droppedAttributesCount
    merged.schemaURL = Self.schema(schemaURL, updating.schemaURL)
    return merged
  }

  /// Whether the two have different schemas, so that merged they have none.
  public func isSchemaConflicting(with other: ResourceMessage) -> Bool {
    !schemaURL.isEmpty && !other.schemaURL.isEmpty && schemaURL != other.schemaURL
  }

  private static func schema(_ old: String, _ updating: String) -> String {
    if old.isEmpty || old == updating { return updating }
    return updating.isEmpty ? old : ""
  }
}
