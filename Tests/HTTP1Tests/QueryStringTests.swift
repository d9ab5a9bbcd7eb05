import Bytes
import HTTP1
import Testing

/// The pairs are what Python's `parse_qsl(…, keep_blank_values=True)` makes of the same text.
@Suite struct QueryStringTests {
  private static func pairs(_ query: String) -> [[String]] {
    var pairs: [[String]] = []
    QueryString.forEach(in: Array(query.utf8).span) { pairs.append([$0, $1]) }
    return pairs
  }

  private static func value(_ name: StaticString, _ query: String) -> String? {
    QueryString.value(of: name, in: Array(query.utf8).span)
  }

  @Test(arguments: [
    ("", []), ("&", []), ("&&", []), ("a=1", [["a", "1"]]), ("a=1&b=2", [["a", "1"], ["b", "2"]]),
    ("&a=1&&b=2&", [["a", "1"], ["b", "2"]]), ("a", [["a", ""]]), ("a=", [["a", ""]]),
    ("=", [["", ""]]), ("=1", [["", "1"]]), ("a=b=c", [["a", "b=c"]]), ("a==", [["a", "="]]),
    ("a=1;b=2", [["a", "1;b=2"]]), ("a+b=c+d", [["a b", "c d"]]), ("a%2Bb=%2b", [["a+b", "+"]]),
    ("a=%26%3D", [["a", "&="]]), ("%61=%62", [["a", "b"]]), ("a=%", [["a", "%"]]),
    ("a=%4", [["a", "%4"]]), ("a=%zz", [["a", "%zz"]]), ("a=%%41", [["a", "%A"]]),
    ("a=%c3%bc", [["a", "ü"]]), ("a=%ff", [["a", "\u{FFFD}"]]), ("a=1&a=2", [["a", "1"], ["a", "2"]]),
    ("a?=#/", [["a?", "#/"]]), ("a=%00", [["a", "\u{0}"]]),
  ] as [(String, [[String]])])
  func parameters(_ query: String, _ expected: [[String]]) {
    #expect(Self.pairs(query) == expected)
  }

  @Test(arguments: [
    ("", nil), ("b=1", nil), ("a=1", "1"), ("a", ""), ("a=", ""), ("a=1&a=2", "2"), ("a=1&b=2&a", ""),
    ("aa=1", nil), ("A=1", nil), ("%61=1", "1"), ("%61=1&a=2", "2"), ("a=2&%61=1", "1"),
    ("a%=1", nil), ("a=x+y%21", "x y!"), ("b=a=1", nil), ("=1", nil), ("+a=1", nil),
  ])
  func oneParameter(_ query: String, _ expected: String?) {
    #expect(Self.value("a", query) == expected)
  }

  @Test func aNameMayNeedDecoding() {
    #expect(Self.value("a b", "a+b=1") == "1")
    #expect(Self.value("a b", "a%20b=1") == "1")
    #expect(Self.value("a b", "a%20c=1") == nil)
    #expect(Self.value("a+b", "a+b=1") == "1")
    #expect(Self.value("", "=1") == "1")
  }
}
