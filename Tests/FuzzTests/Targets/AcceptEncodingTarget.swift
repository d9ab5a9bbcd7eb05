import Bytes
import HTTP1
import HTTPTypes

/// Accept-Encoding: what a client prefers, by the plain reading of RFC 9110 §12.5.3.
enum AcceptEncodingTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let head = Array("GET / HTTP/1.1\r\nhost: a\r\naccept-encoding: ".utf8)
    let reading = try RequestReading(
      of: [(head + bytes + Array("\r\n\r\n".utf8))[...]], limits: .wide)
    guard let fields = reading.messages.first?.head.fields else { return }
    let values = fields.values(of: .acceptEncoding)
    try requireEqual(AcceptEncoding.prefersGzip(fields), expected(values), "\(values)")
  }

  private static func expected(_ values: [String]) -> Bool {
    var gzip: Int?
    var weights: [String: Int] = [:]
    for value in values {
      for element in value.utf8.split(separator: UInt8(ascii: ",")) {
        guard let (name, weight) = read(Array(element)) else { continue }
        weights[name] = weight
        if name == "gzip" || name == "x-gzip" { gzip = max(gzip ?? 0, weight) }
      }
    }
    let weight = gzip ?? weights["*"] ?? 0
    return weight > 0 && weight >= weights["identity"] ?? 0
  }

  /// A coding's name in lower case, and its weight in thousandths.
  private static func read(_ element: [UInt8]) -> (name: String, weight: Int)? {
    let name = element.prefix { $0 != UInt8(ascii: ";") }
    let parameter = element[name.endIndex...]
    let text = name.trimmed.text.lowercased()
    if text.isEmpty { return nil }
    if parameter.isEmpty { return (text, 1_000) }
    let pair = parameter.dropFirst().trimmed
    guard pair.count > 2, pair.prefix(2).text.lowercased() == "q=" else { return nil }
    let weight = pair.dropFirst(2)
    let behind = weight.dropFirst(2)
    guard weight.first == 0x30 || weight.first == 0x31, behind.isOnly(ByteSet.digits),
      weight.count == 1 || weight.dropFirst().first == UInt8(ascii: "."), behind.count <= 3,
      let fraction = Int((behind.text + "000").prefix(3))
    else { return nil }
    let thousandths = (weight.first == 0x31 ? 1_000 : 0) + fraction
    return thousandths <= 1_000 ? (text, thousandths) : nil
  }
}
