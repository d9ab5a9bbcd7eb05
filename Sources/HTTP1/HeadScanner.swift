import Bytes

/// Finds the end of a head without looking at a byte twice, and refuses line ends that are not
/// exactly CRLF on the way: a bare LF or CR is where readers begin to disagree (RFC 9112 §2.2, §11).
struct HeadScanner {
  /// Bytes looked at so far.
  private(set) var scanned = 0
  /// The length of the first line without its end, once known.
  private(set) var firstLineCount: Int?

  /// - Parameter isTrailer: Whether an empty line at the very start ends the section.
  /// - Returns: The section's length, the empty line included; nil when it is not all there.
  mutating func scan(
    _ buffer: borrowing ByteQueue, isTrailer: Bool = false
  ) throws(HTTPProtocolError) -> Int? {
    try buffer.withBytes { (bytes) throws(HTTPProtocolError) -> Int? in
      var index = scanned
      defer { scanned = index }
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "\n") {
          guard index >= 2, bytes[index - 2] == UInt8(ascii: "\r") else { throw .badLineEnd }
          if firstLineCount == nil { firstLineCount = index - 2 }
          let isEmptyLine = index >= 4 ? bytes[index - 3] == UInt8(ascii: "\n")
            : isTrailer && index == 2
          if isEmptyLine { return index }
        } else if index >= 2, bytes[index - 2] == UInt8(ascii: "\r") {
          throw .badLineEnd
        }
      }
      return nil
    }
  }
}
