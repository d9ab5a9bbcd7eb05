import HTTP1

/// A query: read by the plain rule, found by name, and the same when written again.
enum QueryTarget {
  private struct Pair: Equatable {
    var name: String
    var value: String
  }

  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let pairs = read(bytes)
    try requireEqual(pairs, expected(bytes), "parameters")
    for name: StaticString in ["username", "product_id", "limit", "a b", "n"] {
      let last = pairs.last { $0.name == "\(name)" }?.value
      try requireEqual(QueryString.value(of: name, in: bytes.span), last, "value of \(name)")
    }
    let written = pairs.map { pair in
      PercentEncodingTarget.encode(Array(pair.name.utf8)) + [UInt8(ascii: "=")]
        + PercentEncodingTarget.encode(Array(pair.value.utf8))
    }
    try requireEqual(read(Array(written.joined(separator: [UInt8(ascii: "&")]))), pairs, "again")
  }

  private static func read(_ bytes: [UInt8]) -> [Pair] {
    var pairs: [Pair] = []
    QueryString.forEach(in: bytes.span) { pairs.append(Pair(name: $0, value: $1)) }
    return pairs
  }

  private static func expected(_ bytes: [UInt8]) -> [Pair] {
    bytes.split(separator: UInt8(ascii: "&")).map { part in
      let name = part.prefix { $0 != UInt8(ascii: "=") }
      let value = part[name.endIndex...].dropFirst()
      return Pair(name: decode(name), value: decode(value))
    }
  }

  private static func decode(_ bytes: ArraySlice<UInt8>) -> String {
    PercentEncodingTarget.decode(Array(bytes), plusIsSpace: true).bytes.text
  }
}
