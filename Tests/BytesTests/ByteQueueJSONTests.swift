import Bytes
import Foundation
import Testing

/// What is written is what Foundation's reader takes it for.
@Suite struct ByteQueueJSONTests {
  private static func text(_ write: (inout ByteQueue) -> Void) -> String {
    var queue = ByteQueue(capacity: 16)
    write(&queue)
    return String(decoding: queue.array(), as: UTF8.self)
  }

  @Test(arguments: [
    ("", "\"\""), ("a", "\"a\""), ("\"", "\"\\\"\""), ("\\", "\"\\\\\""), ("/", "\"/\""),
    ("\u{8}\t\n\u{C}\r", "\"\\b\\t\\n\\f\\r\""), ("\u{0}\u{1F}", "\"\\u0000\\u001f\""),
    ("\u{7F}\u{80}\u{2028}", "\"\u{7F}\u{80}\u{2028}\""), ("a\"b\\c\nd", "\"a\\\"b\\\\c\\nd\""),
    ("grün 👩‍👩‍👧 €", "\"grün 👩‍👩‍👧 €\""), ("\n\n", "\"\\n\\n\""), ("ends\n", "\"ends\\n\""),
  ])
  func strings(_ text: String, _ expected: String) {
    #expect(Self.text { $0.append(json: text) } == expected)
  }

  @Test func everyByteBelow128ComesBack() throws {
    let all = String(decoding: (UInt8(0)..<128).map { $0 }, as: UTF8.self)
    for text in [all, all + all, String(repeating: "\u{0}", count: 300)] {
      let json = Self.text { $0.append(json: text) }
      let read = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
      #expect(read as? String == text)
    }
  }

  @Test(arguments: [
    (0.0, "0.0"), (-0.0, "-0.0"), (1.5, "1.5"), (-2.25, "-2.25"), (1e300, "1e+300"),
    (0.1, "0.1"), (.nan, "\"NaN\""), (.infinity, "\"Infinity\""), (-.infinity, "\"-Infinity\""),
  ])
  func numbers(_ value: Double, _ expected: String) {
    #expect(Self.text { $0.append(json: value) } == expected)
  }

  @Test(arguments: [Double.pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 123_456_789.000_001, -1e-7])
  func numbersComeBack(_ value: Double) throws {
    let json = Self.text { $0.append(json: value) }
    let read = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
    #expect(read as? Double == value)
  }

  @Test func truthValues() {
    #expect(Self.text { $0.append(json: true) } == "true")
    #expect(Self.text { $0.append(json: false) } == "false")
  }
}
