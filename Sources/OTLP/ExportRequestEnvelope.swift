package import Bytes

/// The envelope around a batch of encoded records: `Export…ServiceRequest` with one `Resource…`
/// that has one `Scope…` per instrumentation scope (opentelemetry-proto `collector.*.v1`).
///
/// Traces, metrics and logs number the fields of their envelopes alike, so there is one for all.
package struct ExportRequestEnvelope: Sendable {
  /// The number under which `ScopeSpans.spans`, `ScopeMetrics.metrics` and
  /// `ScopeLogs.log_records` hold a record; records are encoded as this field.
  package static let recordField = 2

  /// The encoded `resource` field and, apart from it, the encoded `schema_url` field.
  private let resource: [UInt8]
  private let schemaURL: [UInt8]

  package init(resource: ResourceMessage) {
    var bytes = ByteQueue()
    bytes.append(field: Field.subject, resource: resource)
    self.resource = bytes.array()
    schemaURL = Self.encode(schemaURL: resource.schemaURL)
  }

  /// What precedes and follows the records of one scope.
  package struct Scope: Sendable {
    fileprivate let head: [UInt8]
    fileprivate let tail: [UInt8]

    package init(_ scope: InstrumentationScope) {
      var bytes = ByteQueue()
      bytes.append(field: Field.subject, scope: scope)
      head = bytes.array()
      tail = ExportRequestEnvelope.encode(schemaURL: scope.schemaURL)
    }
  }

  /// How many bytes the records of a scope take, and the scope.
  package struct Group: Sendable {
    package let scope: Scope
    package let recordBytes: Int

    package init(scope: Scope, recordBytes: Int) {
      self.scope = scope
      self.recordBytes = recordBytes
    }

    /// Bytes of the whole `Scope…` message.
    fileprivate var messageBytes: Int { scope.head.count + recordBytes + scope.tail.count }
  }

  /// Appends a request.
  /// - Parameters:
  ///   - groups: The scopes that have records; each appears once.
  ///   - records: Appends the records of the group at an index: exactly as many bytes as the group
  ///     said.
  package func append(
    to bytes: inout ByteQueue, groups: [Group], records: (Int, inout ByteQueue) -> Void
  ) {
    var length = resource.count + schemaURL.count
    for group in groups {
      length += 1 + varintBytes(group.messageBytes) + group.messageBytes
    }
    bytes.reserve(length + 16)
    bytes.append(tag: Field.container, .lengthDelimited)
    bytes.append(varint: UInt64(length))
    bytes.append(resource)
    for (index, group) in groups.enumerated() {
      bytes.append(tag: Field.contained, .lengthDelimited)
      bytes.append(varint: UInt64(group.messageBytes))
      bytes.append(group.scope.head)
      let before = bytes.count
      records(index, &bytes)
      precondition(bytes.count - before == group.recordBytes, "a group is not as long as it said")
      bytes.append(group.scope.tail)
    }
    bytes.append(schemaURL)
  }

  private static func encode(schemaURL: String) -> [UInt8] {
    guard !schemaURL.isEmpty else { return [] }
    var bytes = ByteQueue()
    bytes.append(field: Field.schemaURL, string: schemaURL)
    return bytes.array()
  }

  private func varintBytes(_ value: Int) -> Int {
    max(1, (Int.bitWidth - value.leadingZeroBitCount + 6) / 7)
  }
}

private enum Field {
  /// `resource_spans`, `resource_metrics`, `resource_logs`
  static let container = 1
  /// `resource` of a `Resource…`, `scope` of a `Scope…`
  static let subject = 1
  /// `scope_spans`, `scope_metrics`, `scope_logs`
  static let contained = 2
  static let schemaURL = 3
}
