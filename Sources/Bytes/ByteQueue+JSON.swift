extension ByteQueue {
  /// Appends `text` as a JSON string (RFC 8259 §7): quoted; `"`, `\` and control characters
  /// escaped; everything else as its UTF-8 bytes.
  package mutating func append(json text: String) {
    append(UInt8(ascii: "\""))
    let written: Void? = text.utf8.withContiguousStorageIfAvailable { appendEscaped($0) }
    if written == nil {
      Array(text.utf8).withUnsafeBufferPointer { appendEscaped($0) }
    }
    append(UInt8(ascii: "\""))
  }

  /// Appends a JSON number, or a string (`"NaN"`, `"Infinity"`, `"-Infinity"`, as ProtoJSON does)
  /// where JSON has no number for it.
  package mutating func append(json value: Double) {
    if value.isFinite {
      append(value.description)
    } else if value.isNaN {
      append("\"NaN\"" as StaticString)
    } else {
      append(value < 0 ? "\"-Infinity\"" : "\"Infinity\"" as StaticString)
    }
  }

  package mutating func append(json value: Bool) {
    append(value ? "true" : "false" as StaticString)
  }

  /// Copies runs that need no escape in one go.
  private mutating func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
    reserve(bytes.count + 2)
    var runStart = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
      append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[runStart..<index]))
      appendEscape(byte)
      runStart = index + 1
    }
    append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[runStart...]))
  }

  private mutating func appendEscape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"" as StaticString)
    case UInt8(ascii: "\\"): append("\\\\" as StaticString)
    case 0x08: append("\\b" as StaticString)
    case 0x09: append("\\t" as StaticString)
    case 0x0A: append("\\n" as StaticString)
    case 0x0C: append("\\f" as StaticString)
    case 0x0D: append("\\r" as StaticString)
    default:
      append("\\u00" as StaticString)
      append(hex: UInt64(byte), digits: 2)
    }
  }
}
