/// Comma-separated lists (RFC 9110 §5.6.1).
enum TokenList {
  /// Calls `body` with every element, without blanks around it; empty elements are passed over.
  @inline(__always)
  static func forEachElement(of value: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
    var start = 0
    while start <= value.count {
      var end = start
      while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
      let element = value.trimmedRange(start..<end)
      if !element.isEmpty { body(value.extracting(element)) }
      start = end + 1
    }
  }
}
