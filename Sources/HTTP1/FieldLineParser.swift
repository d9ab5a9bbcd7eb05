/// `field-line = field-name ":" OWS field-value OWS` (RFC 9112 §5).
enum FieldLineParser {
  /// - Parameter line: The line's range, not empty.
  /// - Throws: `badField`, also for obsolete line folding and for blanks before the colon, which
  ///   RFC 9112 §5.1 and §5.2 tell a server to refuse.
  @inline(__always)
  static func parse(
    _ bytes: Span<UInt8>, _ line: Range<Int>
  ) throws(HTTPProtocolError) -> FieldSlice {
    let content = bytes.extracting(line)
    var nameEnd = 0
    while nameEnd < content.count, Grammar.isToken(content[nameEnd]) { nameEnd += 1 }
    guard nameEnd > 0, nameEnd < content.count, content[nameEnd] == UInt8(ascii: ":") else {
      throw .badField
    }
    let value = content.trimmedRange((nameEnd + 1)..<content.count)
    guard ByteSearch.isFieldValue(content.extracting(value)) else { throw .badField }
    return FieldSlice(
      name: line.lowerBound..<(line.lowerBound + nameEnd),
      value: (line.lowerBound + value.lowerBound)..<(line.lowerBound + value.upperBound))
  }
}
