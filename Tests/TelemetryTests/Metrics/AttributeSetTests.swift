import OTLP
import Testing

@testable import Telemetry

@Suite("Sets of attributes")
struct AttributeSetTests {
  private func hash(_ attributes: [Attribute]) -> UInt64 {
    attributes.withUnsafeBufferPointer { AttributeHash.hash($0) }
  }

  /// The same text in memory of its own.
  private func elsewhere(_ text: String) -> String {
    String(decoding: Array(text.utf8), as: UTF8.self)
  }

  @Test("names are sorted, and the last of two values counts")
  func canonical() {
    let set = AttributeSet([Attribute("b", 1), Attribute("a", 2), Attribute("b", 3)])
    #expect(set.attributes == [Attribute("a", 2), Attribute("b", 3)])
  }

  @Test("order does not matter, wherever the texts are")
  func order() {
    let long = "a text that is too long to be inside a string"
    let one = [Attribute("a", .string(long)), Attribute("b", "x"), Attribute("c", 3)]
    let other = [
      Attribute("c", 3), Attribute(elsewhere("b"), "x"), Attribute("a", .string(elsewhere(long))),
    ]
    #expect(hash(one) == hash(other))
    #expect(AttributeSet(one) == AttributeSet(other))
    #expect(AttributeSet(one).hash == hash(other))
  }

  private static let values: [AttributeValue] = [
    "", "a", "b", "ab", "ba", "abc", "abcd", "abcde", "abcdefg", "abcdefgh", "abcdefghi",
    "abcdefghijklmnop", "abcdefghijklmnopq", "abcdefghijklmnopr", "bbcdefghijklmnopq", 0, 1, -1,
    true, false, 0.0, -0.0, 1.0, 1.5, .double(.nan), .double(.infinity), [], [1], [2], ["a"],
    .bytes([]), .bytes([1]), .map([]), .map([Attribute("a", 1)]), .map([Attribute("a", 2)]),
  ]

  @Test("every value is itself and no other", arguments: values.indices)
  func distinct(_ index: Int) {
    let set = AttributeSet([Attribute("k", Self.values[index])])
    for (other, value) in Self.values.enumerated() {
      let second = AttributeSet([Attribute("k", value)])
      #expect((set == second) == (index == other))
      #expect((set.hash == second.hash) == (index == other))
    }
  }

  @Test("names and values are not mixed up")
  func names() {
    #expect(hash([Attribute("a", "b")]) != hash([Attribute("b", "a")]))
    #expect(
      hash([Attribute("a", "x"), Attribute("b", "y")])
        != hash([Attribute("a", "y"), Attribute("b", "x")]))
    #expect(hash([]) != hash([Attribute("", "")]))
    #expect(hash([Attribute("a", "x")]) != hash([Attribute("a", "x"), Attribute("a", "x")]))
  }

  @Test("a filter keeps what it names, or all else")
  func filters() {
    let given = [Attribute("a", 1), Attribute("b", 2), Attribute("c", 3)]
    let only = AttributeFilter.only(["c", "a", "z"])
    #expect(AttributeSet(given, keeping: only).attributes.map(\.key) == ["a", "c"])
    #expect(AttributeSet.dropped(from: given, by: only).map(\.key) == ["b"])
    let excluding = AttributeFilter.excluding(["a", "z"])
    #expect(AttributeSet(given, keeping: excluding).attributes.map(\.key) == ["b", "c"])
    #expect(AttributeSet.dropped(from: given, by: excluding).map(\.key) == ["a"])
    #expect(AttributeSet.dropped(from: given, by: nil).isEmpty)
    let hash = given.withUnsafeBufferPointer { AttributeHash.hash($0, only) }
    #expect(hash == AttributeSet(given, keeping: only).hash)
  }

  @Test("a key recognises its attributes, in any order, and no others")
  func keys() {
    let text = "a text that is too long to be inside a string"
    let key = AttributeKey(AttributeSet([Attribute("a", .string(text)), Attribute("b", 2)]))
    func matches(_ given: [Attribute]) -> Bool {
      given.withUnsafeBufferPointer { AttributeKey.matches(key.attributes, $0) }
    }
    #expect(matches([Attribute("a", .string(text)), Attribute("b", 2)]))
    #expect(matches([Attribute("b", 2), Attribute("a", .string(elsewhere(text)))]))
    #expect(!matches([Attribute("a", .string(text))]))
    #expect(!matches([Attribute("a", .string(text)), Attribute("b", 3)]))
    #expect(!matches([Attribute("a", .string(text)), Attribute("c", 2)]))
    #expect(!matches([Attribute("a", .string(text + "!")), Attribute("b", 2)]))
    let filter = AttributeFilter.excluding(["c"])
    func matchesFiltered(_ given: [Attribute]) -> Bool {
      given.withUnsafeBufferPointer { AttributeKey.matches(key.attributes, $0, filter) }
    }
    #expect(matchesFiltered([Attribute("c", 1), Attribute("b", 2), Attribute("a", .string(text))]))
    #expect(!matchesFiltered([Attribute("c", 1), Attribute("b", 2)]))
    #expect(!matchesFiltered([Attribute("a", .string(text)), Attribute("b", 3)]))
  }

  @Test("a name that is given twice is noticed")
  func twice() {
    func hasNameTwice(_ names: [String]) -> Bool {
      names.map { Attribute($0, 1) }.withUnsafeBufferPointer { AttributeSet.hasNameTwice($0) }
    }
    #expect(!hasNameTwice([]))
    #expect(!hasNameTwice(["a", "b", "c"]))
    #expect(hasNameTwice(["a", "b", "a"]))
  }
}
