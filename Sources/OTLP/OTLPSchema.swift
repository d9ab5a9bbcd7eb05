/// The messages of OTLP as far as this project writes them (opentelemetry-proto v1): what each field
/// is called in JSON and how its value looks there.
enum OTLPSchema {
  /// How a value is encoded in protobuf and shown in JSON (OTLP specification, "JSON Protobuf
  /// Encoding"; protobuf.dev, "ProtoJSON Format").
  enum Kind: Equatable {
    case string
    case bool
    /// `uint32`, `fixed32` or an enum: a number.
    case number
    /// `sint32`: a number.
    case zigzag
    /// `int64` or `sfixed64`: a decimal text.
    case signed
    /// `fixed64`: a decimal text.
    case unsigned
    /// `uint64`: a decimal text.
    case unsignedVarint
    case double
    /// An id: hexadecimal digits, unlike other bytes.
    case id
    /// `bytes`: base64.
    case bytes
    case message(Message)

    /// Whether a list of such values is one field (protobuf.dev, "Packed Repeated Fields").
    var isPackable: Bool { [.unsigned, .unsignedVarint, .double].contains(self) }
  }

  struct Field {
    let name: StaticString
    let kind: Kind
    let isRepeated: Bool
  }

  enum Message {
    case traceRequest, resourceSpans, scopeSpans, span, event, link, status
    case logRequest, resourceLogs, scopeLogs, logRecord
    case metricRequest, resourceMetrics, scopeMetrics, metric, gauge, sum, histogram
    case exponentialHistogram, numberPoint, histogramPoint, exponentialPoint, buckets, exemplar
    case resource, scope, keyValue, anyValue, arrayValue, keyValueList
  }

  /// The field with this number; nil for one that this project does not write.
  static func field(_ number: UInt64, of message: Message) -> Field? { tables[message]?[number] }

  private typealias Table = [UInt64: Field]

  private static func one(_ name: StaticString, _ kind: Kind) -> Field {
    Field(name: name, kind: kind, isRepeated: false)
  }

  private static func many(_ name: StaticString, _ kind: Kind) -> Field {
    Field(name: name, kind: kind, isRepeated: true)
  }

  private static let attributes = many("attributes", .message(.keyValue))
  private static let droppedAttributes = one("droppedAttributesCount", .number)
  private static let start = one("startTimeUnixNano", .unsigned)
  private static let time = one("timeUnixNano", .unsigned)
  private static let exemplars = many("exemplars", .message(.exemplar))
  private static let temporality = one("aggregationTemporality", .number)
  private static let flags = one("flags", .number)

  private static func envelope(_ scopes: StaticString, _ scope: Message) -> Table {
    [
      1: one("resource", .message(.resource)), 2: many(scopes, .message(scope)),
      3: one("schemaUrl", .string),
    ]
  }

  private static func scope(_ records: StaticString, _ record: Message) -> Table {
    [
      1: one("scope", .message(.scope)), 2: many(records, .message(record)),
      3: one("schemaUrl", .string),
    ]
  }

  private static let tables: [Message: Table] = common.merging(traces) { $1 }
    .merging(logs) { $1 }.merging(metrics) { $1 }.merging(points) { $1 }

  private static let common: [Message: Table] = [
    .resource: [1: attributes, 2: droppedAttributes],
    .scope: [
      1: one("name", .string), 2: one("version", .string), 3: attributes, 4: droppedAttributes,
    ],
    .keyValue: [1: one("key", .string), 2: one("value", .message(.anyValue))],
    .anyValue: [
      1: one("stringValue", .string), 2: one("boolValue", .bool), 3: one("intValue", .signed),
      4: one("doubleValue", .double), 5: one("arrayValue", .message(.arrayValue)),
      6: one("kvlistValue", .message(.keyValueList)), 7: one("bytesValue", .bytes),
    ],
    .arrayValue: [1: many("values", .message(.anyValue))],
    .keyValueList: [1: many("values", .message(.keyValue))],
  ]

  private static let traces: [Message: Table] = [
    .traceRequest: [1: many("resourceSpans", .message(.resourceSpans))],
    .resourceSpans: envelope("scopeSpans", .scopeSpans),
    .scopeSpans: scope("spans", .span),
    .span: [
      1: one("traceId", .id), 2: one("spanId", .id), 3: one("traceState", .string),
      4: one("parentSpanId", .id), 5: one("name", .string), 6: one("kind", .number), 7: start,
      8: one("endTimeUnixNano", .unsigned), 9: attributes, 10: droppedAttributes,
      11: many("events", .message(.event)), 12: one("droppedEventsCount", .number),
      13: many("links", .message(.link)), 14: one("droppedLinksCount", .number),
      15: one("status", .message(.status)), 16: flags,
    ],
    .event: [1: time, 2: one("name", .string), 3: attributes, 4: droppedAttributes],
    .link: [
      1: one("traceId", .id), 2: one("spanId", .id), 3: one("traceState", .string), 4: attributes,
      5: droppedAttributes, 6: flags,
    ],
    .status: [2: one("message", .string), 3: one("code", .number)],
  ]

  private static let logs: [Message: Table] = [
    .logRequest: [1: many("resourceLogs", .message(.resourceLogs))],
    .resourceLogs: envelope("scopeLogs", .scopeLogs),
    .scopeLogs: scope("logRecords", .logRecord),
    .logRecord: [
      1: time, 2: one("severityNumber", .number), 3: one("severityText", .string),
      5: one("body", .message(.anyValue)), 6: attributes, 7: droppedAttributes, 8: flags,
      9: one("traceId", .id), 10: one("spanId", .id), 11: one("observedTimeUnixNano", .unsigned),
      12: one("eventName", .string),
    ],
  ]

  private static let metrics: [Message: Table] = [
    .metricRequest: [1: many("resourceMetrics", .message(.resourceMetrics))],
    .resourceMetrics: envelope("scopeMetrics", .scopeMetrics),
    .scopeMetrics: scope("metrics", .metric),
    .metric: [
      1: one("name", .string), 2: one("description", .string), 3: one("unit", .string),
      5: one("gauge", .message(.gauge)), 7: one("sum", .message(.sum)),
      9: one("histogram", .message(.histogram)),
      10: one("exponentialHistogram", .message(.exponentialHistogram)),
      12: many("metadata", .message(.keyValue)),
    ],
    .gauge: [1: many("dataPoints", .message(.numberPoint))],
    .sum: [
      1: many("dataPoints", .message(.numberPoint)), 2: temporality, 3: one("isMonotonic", .bool),
    ],
    .histogram: [1: many("dataPoints", .message(.histogramPoint)), 2: temporality],
    .exponentialHistogram: [1: many("dataPoints", .message(.exponentialPoint)), 2: temporality],
  ]

  private static let points: [Message: Table] = [
    .numberPoint: [
      2: start, 3: time, 4: one("asDouble", .double), 5: exemplars, 6: one("asInt", .signed),
      7: attributes, 8: flags,
    ],
    .histogramPoint: [
      2: start, 3: time, 4: one("count", .unsigned), 5: one("sum", .double),
      6: many("bucketCounts", .unsigned), 7: many("explicitBounds", .double), 8: exemplars,
      9: attributes, 10: flags, 11: one("min", .double), 12: one("max", .double),
    ],
    .exponentialPoint: [
      1: attributes, 2: start, 3: time, 4: one("count", .unsigned), 5: one("sum", .double),
      6: one("scale", .zigzag), 7: one("zeroCount", .unsigned),
      8: one("positive", .message(.buckets)), 9: one("negative", .message(.buckets)), 10: flags,
      11: exemplars, 12: one("min", .double), 13: one("max", .double),
      14: one("zeroThreshold", .double),
    ],
    .buckets: [1: one("offset", .zigzag), 2: many("bucketCounts", .unsignedVarint)],
    .exemplar: [
      2: time, 3: one("asDouble", .double), 4: one("spanId", .id), 5: one("traceId", .id),
      6: one("asInt", .signed), 7: many("filteredAttributes", .message(.keyValue)),
    ],
  ]
}
