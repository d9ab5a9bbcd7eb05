/// The parameters of a query as HTML forms encode them, read as the clients of the service are used
/// to: split at `&` alone, blank values kept, `+` is a space, escapes undone leniently in names and
/// values, names case-sensitive, the last of several wins.
package enum QueryString {
  /// The value of the parameter called `name`; nil when there is none. Allocates for the result
  /// alone, unless a name in the query has escapes.
  /// - Parameter name: Decoded.
  package static func value(of name: StaticString, in query: Span<UInt8>) -> String? {
    var found: Range<Int>?
    forEachPair(in: query) { pairName, value in
      if isName(query.extracting(pairName), name) { found = value }
    }
    return found.map { PercentEncoding.text(query.extracting($0), plusIsSpace: true) }
  }

  /// Calls `body` with every parameter in order, name and value decoded.
  package static func forEach(
    in query: Span<UInt8>, _ body: (_ name: String, _ value: String) -> Void
  ) {
    forEachPair(in: query) { name, value in
      body(
        PercentEncoding.text(query.extracting(name), plusIsSpace: true),
        PercentEncoding.text(query.extracting(value), plusIsSpace: true))
    }
  }

  /// Calls `body` with where every parameter's name and value are. One without `=` has an empty
  /// value; nothing between two `&` is no parameter.
  @inline(__always)
  private static func forEachPair(
    in query: Span<UInt8>, _ body: (_ name: Range<Int>, _ value: Range<Int>) -> Void
  ) {
    var start = 0
    while start < query.count {
      var end = start
      var nameEnd = -1
      while end < query.count, query[end] != UInt8(ascii: "&") {
        if nameEnd < 0, query[end] == UInt8(ascii: "=") { nameEnd = end }
        end += 1
      }
      if nameEnd >= 0 {
        body(start..<nameEnd, (nameEnd + 1)..<end)
      } else if end > start {
        body(start..<end, end..<end)
      }
      start = end + 1
    }
  }

  @inline(__always)
  private static func isName(_ bytes: Span<UInt8>, _ name: StaticString) -> Bool {
    if bytes.equals(name) { return true }
    // An escape is longer than what it stands for; only a plus is not.
    guard bytes.count >= name.utf8CodeUnitCount,
      bytes.firstIndex(of: UInt8(ascii: "%")) != nil || bytes.firstIndex(of: UInt8(ascii: "+")) != nil
    else { return false }
    return PercentEncoding.decode(bytes, plusIsSpace: true).bytes.span.equals(name)
  }
}
