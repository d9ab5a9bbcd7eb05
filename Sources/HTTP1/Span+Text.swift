/// Comparison of received bytes with known text, without a string.
extension Span<UInt8> {
  /// Whether the bytes are exactly `text`.
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    let start = text.utf8Start
    for index in 0..<count where self[index] != start[index] { return false }
    return true
  }

  /// Whether the bytes are `text`, which is in lower case, but for case.
  @inline(__always)
  func matches(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    let start = text.utf8Start
    for index in 0..<count where Grammar.lowercased(self[index]) != start[index] { return false }
    return true
  }

  /// Whether the bytes are `text` but for case.
  @inline(__always)
  func matches(_ text: String) -> Bool {
    guard count == text.utf8.count else { return false }
    var index = 0
    for byte in text.utf8 {
      if Grammar.lowercased(self[index]) != Grammar.lowercased(byte) { return false }
      index += 1
    }
    return true
  }

  /// Whether the first bytes are `text`, which is in lower case, but for case.
  func hasPrefix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && extracting(first: text.utf8CodeUnitCount).matches(text)
  }

  /// The range of the bytes without blanks at its ends.
  @inline(__always)
  func trimmedRange(_ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, Grammar.isBlank(self[lower]) { lower += 1 }
    while lower < upper, Grammar.isBlank(self[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  /// The bytes as text; what is not UTF-8 becomes U+FFFD.
  var text: String {
    withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  /// Where `byte` is first; nil where it is not.
  func firstIndex(of byte: UInt8) -> Int? {
    for index in 0..<count where self[index] == byte { return index }
    return nil
  }
}
