/// The parameters of a query, as HTML forms encode them, read as the clients of the service are
/// used to: split at `&` alone, blank values kept, `+` is a space, the last of several wins.
package enum QueryString {
  /// The value of the parameter called `name`; nil when there is none.
  package static func value(of name: StaticString, in query: Span<UInt8>) -> String? {
    var found: String?
    var start = 0
    while start < query.count {
      var end = start
      var separator: Int?
      while end < query.count, query[end] != UInt8(ascii: "&") {
        if separator == nil, query[end] == UInt8(ascii: "=") { separator = end }
        end += 1
      }
      let nameEnd = separator ?? end
      if isName(query, start..<nameEnd, name) {
        let valueStart = separator.map { $0 + 1 } ?? end
        let value = PercentEncoding.decode(
          query.extracting(valueStart..<end), plusIsSpace: true)
        found = String(decoding: value, as: UTF8.self)
      }
      start = end + 1
    }
    return found
  }

  private static func isName(
    _ query: Span<UInt8>, _ range: Range<Int>, _ name: StaticString
  ) -> Bool {
    if Grammar.equals(query, range, name) { return true }
    // An escaped name is rare, and never shorter than what it stands for.
    guard range.count > name.utf8CodeUnitCount else { return false }
    let decoded = PercentEncoding.decode(query.extracting(range), plusIsSpace: true)
    return Grammar.equals(decoded.span, 0..<decoded.count, name)
  }
}
