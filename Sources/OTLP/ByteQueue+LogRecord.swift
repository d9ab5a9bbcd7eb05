package import Bytes

/// Encoder of opentelemetry-proto `logs.v1.LogRecord`.
extension ByteQueue {
  /// Appends a `LogRecord` field.
  package mutating func append(field: Int, log: borrowing LogRecord) {
    let mark = beginMessage(field: field)
    append(field: Field.time, fixed64: log.unixNanoseconds)
    append(field: Field.severityNumber, varint: UInt64(log.severityNumber))
    append(field: Field.severityText, string: log.severityText)
    if let body = log.structuredBody {
      append(field: Field.body, value: body)
    } else {
      let body = beginMessage(field: Field.body)
      append(field: 1, string: log.body)
      endMessage(body)
    }
    append(field: Field.attributes, attributes: log.attributes)
    append(field: Field.droppedAttributes, count: log.droppedAttributesCount)
    if log.traceID.isValid {
      append(field: Field.flags, fixed32: UInt32(log.traceFlags))
      append(field: Field.traceID, traceID: log.traceID)
      if log.spanID.isValid { append(field: Field.spanID, spanID: log.spanID) }
    }
    append(field: Field.observedTime, fixed64: log.observedUnixNanoseconds)
    if !log.eventName.isEmpty { append(field: Field.eventName, string: log.eventName) }
    endMessage(mark)
  }
}

private enum Field {
  static let time = 1
  static let severityNumber = 2
  static let severityText = 3
  static let body = 5
  static let attributes = 6
  static let droppedAttributes = 7
  static let flags = 8
  static let traceID = 9
  static let spanID = 10
  static let observedTime = 11
  static let eventName = 12
}
