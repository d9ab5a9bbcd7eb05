package import Bytes

/// Encoder of opentelemetry-proto `trace.v1.Span`.
extension ByteQueue {
  /// Appends a `Span` field.
  package mutating func append(field: Int, span: borrowing SpanRecord) {
    let mark = beginMessage(field: field)
    append(field: Field.traceID, traceID: span.traceID)
    append(field: Field.spanID, spanID: span.spanID)
    if !span.traceState.isEmpty { append(field: Field.traceState, string: span.traceState) }
    if span.parentSpanID.isValid { append(field: Field.parentSpanID, spanID: span.parentSpanID) }
    append(field: Field.name, string: span.name)
    append(field: Field.kind, varint: UInt64(span.kind.rawValue))
    append(field: Field.start, fixed64: span.startUnixNanoseconds)
    append(field: Field.end, fixed64: span.endUnixNanoseconds)
    append(field: Field.attributes, attributes: span.attributes)
    append(field: Field.droppedAttributes, count: span.droppedAttributesCount)
    for event in span.events { append(field: Field.events, event: event) }
    append(field: Field.droppedEvents, count: span.droppedEventsCount)
    for link in span.links { append(field: Field.links, link: link) }
    append(field: Field.droppedLinks, count: span.droppedLinksCount)
    if span.statusCode != .unset {
      let status = beginMessage(field: Field.status)
      if !span.statusMessage.isEmpty { append(field: 2, string: span.statusMessage) }
      append(field: 3, varint: UInt64(span.statusCode.rawValue))
      endMessage(status)
    }
    append(field: Field.flags, fixed32: span.flags)
    endMessage(mark)
  }

  private mutating func append(field: Int, event: SpanRecord.Event) {
    let mark = beginMessage(field: field)
    append(field: 1, fixed64: event.unixNanoseconds)
    append(field: 2, string: event.name)
    append(field: 3, attributes: event.attributes)
    append(field: 4, count: event.droppedAttributesCount)
    endMessage(mark)
  }

  private mutating func append(field: Int, link: SpanRecord.Link) {
    let mark = beginMessage(field: field)
    append(field: 1, traceID: link.traceID)
    append(field: 2, spanID: link.spanID)
    if !link.traceState.isEmpty { append(field: 3, string: link.traceState) }
    append(field: 4, attributes: link.attributes)
    append(field: 5, count: link.droppedAttributesCount)
    append(field: 6, fixed32: link.flags)
    endMessage(mark)
  }

  /// Appends a `dropped_…_count` field unless nothing was dropped.
  mutating func append(field: Int, count: UInt32) {
    if count > 0 { append(field: field, varint: UInt64(count)) }
  }
}

private enum Field {
  static let traceID = 1
  static let spanID = 2
  static let traceState = 3
  static let parentSpanID = 4
  static let name = 5
  static let kind = 6
  static let start = 7
  static let end = 8
  static let attributes = 9
  static let droppedAttributes = 10
  static let events = 11
  static let droppedEvents = 12
  static let links = 13
  static let droppedLinks = 14
  static let status = 15
  static let flags = 16
}
