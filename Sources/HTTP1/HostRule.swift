/// The rule for the Host field (RFC 9112 §3.2): exactly one, and valid; HTTP/1.0 may have none.
enum HostRule {
  static func check(
    _ bytes: Span<UInt8>, _ semantics: FieldParser.Semantics, _ version: HTTPVersion
  ) throws(HTTPProtocolError) {
    guard semantics.hostCount <= 1, semantics.hostCount == 1 || version == .http10 else {
      throw .badHost
    }
    for index in semantics.host where !isHostByte(bytes[index]) { throw .badHost }
  }

  /// What `uri-host [ ":" port ]` can consist of (RFC 3986 §3.2.2).
  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
      UInt8(ascii: "%"), UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"),
      UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"),
      UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: ":"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","):
      true
    default: false
    }
  }
}
