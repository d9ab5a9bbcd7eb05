import Bytes

/// Reads the trailer section of a chunked message (RFC 9112 §7.1.2).
struct TrailerSection {
  private var lines = LineReader()
  private let reader: FieldSectionReader
  private var storage: HeadStorage?
  private var isComplete = false

  init(limits: HTTPLimits) { reader = FieldSectionReader(trailers: limits) }

  var examinedByteCount: Int { lines.examinedByteCount }

  /// The fields; nil when there are none, and until all of them are there.
  var fields: HeadFields? {
    guard isComplete else { return nil }
    return storage.map { HeadFields(storage: $0) }
  }

  /// - Returns: Whether the section is complete; then it is consumed.
  mutating func read(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Bool {
    // Nearly every message has none: then there is nothing to keep.
    if lines.lineStart == 0, buffer.count >= 2, buffer[0] == UInt8(ascii: "\r"),
      buffer[1] == UInt8(ascii: "\n")
    {
      buffer.consume(2)
      return true
    }
    let storage = storage ?? HeadStorage()
    self.storage = storage
    isComplete = try buffer.withBytes { (bytes) throws(HTTPProtocolError) -> Bool in
      do throws(HTTPProtocolError) {
        guard
          try reader.read(
            bytes, &lines, into: storage,
            note: { (field) throws(HTTPProtocolError) in
              guard Self.isAllowed(bytes.extracting(field.name)) else { throw .badTrailer }
            })
        else { return false }
      } catch .badField {
        throw .badTrailer
      }
      storage.setBytes(bytes.extracting(first: lines.lineStart))
      return true
    }
    if isComplete {
      buffer.consume(lines.lineStart)
      if storage.fieldCount == 0 { self.storage = nil }
    }
    return isComplete
  }

  /// RFC 9110 §6.5.1: what frames or routes a message cannot come behind it.
  private static func isAllowed(_ name: Span<UInt8>) -> Bool {
    !name.matches("content-length") && !name.matches("transfer-encoding")
      && !name.matches("host") && !name.matches("trailer")
  }
}
