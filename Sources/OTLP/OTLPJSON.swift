import Bytes

/// OTLP/JSON (OTLP specification, "JSON Protobuf Encoding"), made from the protobuf encoding when a
/// request is sent, so that recording knows one encoding only.
package struct OTLPJSON: ~Copyable {
  /// The messages that an exporter sends.
  package enum Request: Sendable { case traces, metrics, logs }

  private var output: ByteQueue

  /// A request in JSON.
  /// - Parameter protobuf: The same request, whose repeated fields lie together, as this project
  ///   writes them. Fields that the project does not write are left out.
  package static func encode(
    _ request: Request, protobuf: [UInt8]
  ) throws(ProtobufReader.Malformed) -> [UInt8] {
    var encoder = OTLPJSON(output: ByteQueue(capacity: protobuf.count * 3))
    let message: OTLPSchema.Message =
      switch request {
      case .traces: .traceRequest
      case .metrics: .metricRequest
      case .logs: .logRequest
      }
    try encoder.append(message, protobuf[...])
    return encoder.output.array()
  }

  private mutating func append(
    _ message: OTLPSchema.Message, _ bytes: ArraySlice<UInt8>
  ) throws(ProtobufReader.Malformed) {
    var reader = ProtobufReader(bytes)
    var isFirst = true
    /// The repeated field whose list is open; fields are numbered from 1.
    var open: UInt64 = 0
    output.append(UInt8(ascii: "{"))
    while let (number, value) = try reader.next() {
      guard let field = OTLPSchema.field(number, of: message) else { continue }
      if number == open {
        output.append(UInt8(ascii: ","))
      } else {
        if open > 0 { output.append(UInt8(ascii: "]")) }
        if !isFirst { output.append(UInt8(ascii: ",")) }
        output.append(UInt8(ascii: "\""))
        output.append(field.name)
        output.append("\":" as StaticString)
        if field.isRepeated { output.append(UInt8(ascii: "[")) }
        open = field.isRepeated ? number : 0
      }
      isFirst = false
      if field.isRepeated, case .bytes(let packed) = value, field.kind.isPackable {
        try append(packed: packed, field.kind)
      } else {
        try append(value, field.kind)
      }
    }
    if open > 0 { output.append(UInt8(ascii: "]")) }
    output.append(UInt8(ascii: "}"))
  }

  private mutating func append(
    packed bytes: ArraySlice<UInt8>, _ kind: OTLPSchema.Kind
  ) throws(ProtobufReader.Malformed) {
    var reader = ProtobufReader(bytes)
    var isFirst = true
    while let value = try reader.nextPacked(isVarint: kind == .unsignedVarint) {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
      try append(value, kind)
    }
  }

  private mutating func append(
    _ value: ProtobufReader.Value, _ kind: OTLPSchema.Kind
  ) throws(ProtobufReader.Malformed) {
    switch (value, kind) {
    case (.bytes(let bytes), .message(let message)): try append(message, bytes)
    case (.bytes(let bytes), .string): output.append(json: String(decoding: bytes, as: UTF8.self))
    case (.bytes(let bytes), .id): output.append(jsonHex: bytes)
    case (.bytes(let bytes), .bytes): output.append(jsonBase64: bytes)
    case (.varint(let number), .bool): output.append(json: number != 0)
    case (.varint(let number), .number): output.append(decimal: number)
    case (.fixed32(let number), .number): output.append(decimal: UInt64(number))
    case (.varint(let number), .zigzag):
      output.append(decimal: Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1))
    case (.varint(let number), .unsignedVarint), (.fixed64(let number), .unsigned):
      output.append(UInt8(ascii: "\""))
      output.append(decimal: number)
      output.append(UInt8(ascii: "\""))
    case (.varint(let number), .signed), (.fixed64(let number), .signed):
      output.append(UInt8(ascii: "\""))
      output.append(decimal: Int64(bitPattern: number))
      output.append(UInt8(ascii: "\""))
    case (.fixed64(let number), .double): output.append(json: Double(bitPattern: number))
    default: throw .wireType
    }
  }
}
