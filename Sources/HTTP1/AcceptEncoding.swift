import HTTPTypes

/// Whether a client takes gzip (RFC 9110 §12.5.3).
package enum AcceptEncoding {
  /// Whether gzip may be used, and is liked no less than no coding at all. A field that is malformed
  /// in part says what its other parts say.
  package static func prefersGzip(_ fields: HeadFields) -> Bool {
    var gzip: Int?
    var identity: Int?
    var any: Int?
    fields.forEachValue(of: .acceptEncoding) { value in
      TokenList.forEachElement(of: value) { element in
        guard let (coding, weight) = parse(element) else { return }
        let name = element.extracting(coding)
        if name.matches("gzip") || name.matches("x-gzip") {
          gzip = max(gzip ?? 0, weight)
        } else if name.matches("identity") {
          identity = weight
        } else if name.matches("*") {
          any = weight
        }
      }
    }
    guard let weight = gzip ?? any, weight > 0 else { return false }
    // Not named, "identity" is acceptable, but nothing says that it is preferred.
    return weight >= identity ?? 0
  }

  /// - Returns: Where the coding's name is, and its weight in thousandths; nil when malformed.
  private static func parse(_ element: Span<UInt8>) -> (coding: Range<Int>, weight: Int)? {
    var end = 0
    while end < element.count, element[end] != UInt8(ascii: ";") { end += 1 }
    let coding = element.trimmedRange(0..<end)
    guard !coding.isEmpty else { return nil }
    guard end < element.count else { return (coding, 1000) }
    let parameter = element.extracting(element.trimmedRange(end + 1..<element.count))
    guard parameter.count > 2, parameter[0] | 0x20 == UInt8(ascii: "q"),
      parameter[1] == UInt8(ascii: "="), let weight = weight(parameter.extracting(2...))
    else { return nil }
    return (coding, weight)
  }

  /// A weight (RFC 9110 §12.4.2): 0 to 1 with at most three digits behind the point.
  private static func weight(_ text: Span<UInt8>) -> Int? {
    guard text.count <= 5, text[0] == UInt8(ascii: "0") || text[0] == UInt8(ascii: "1"),
      text.count == 1 || text[1] == UInt8(ascii: ".")
    else { return nil }
    var thousandths = Int(text[0] &- 0x30) * 1000
    var place = 100
    var index = 2
    while index < text.count {
      guard Grammar.isDigit(text[index]) else { return nil }
      thousandths += Int(text[index] &- 0x30) * place
      place /= 10
      index += 1
    }
    return thousandths <= 1000 ? thousandths : nil
  }
}
