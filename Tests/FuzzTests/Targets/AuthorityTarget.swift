import HTTP1
import HTTPClient
import HTTPTypes

/// `host [":" port]`: what a server accepts as Host and as the target of CONNECT, and what a client
/// makes of the same text in a URL.
enum AuthorityTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    // What ends the line is the request target's matter, and blanks are not part of a value.
    guard !bytes.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 || $0 == 0x09 }) else {
      return
    }
    let get = Array("GET / HTTP/1.1\r\nhost: ".utf8) + bytes + Array("\r\n\r\n".utf8)
    let host = try RequestReading(of: [get[...]], limits: .wide).messages.first?.head
    try requireEqual(host != nil, bytes.isEmpty || isAuthority(bytes), "as Host")
    try requireEqual(host?.authority ?? "", host == nil ? "" : bytes.text, "authority")
    let connect = Array("CONNECT ".utf8) + bytes + Array(" HTTP/1.1\r\nhost: h\r\n\r\n".utf8)
    let tunnel = try RequestReading(of: [connect[...]], limits: .wide).messages.first?.head
    try requireEqual(tunnel != nil, isAuthority(bytes) && hasPort(bytes), "as CONNECT's target")
    if let url = HTTPURL("http://\(bytes.text)/") {
      try require(isAuthority(Array(url.authority.utf8)), "a client sends Host: \(url.authority)")
    }
  }

  private static let addressLiteral = ByteSet.hexadecimal.union(":.")

  /// By RFC 3986 §3.2.2 and RFC 9110 §4.2, less what `Authority` says that it leaves out.
  static func isAuthority(_ bytes: [UInt8]) -> Bool {
    guard let (host, port) = split(bytes) else { return false }
    let isPort = port.isOnly(ByteSet.digits)
      && (port.isEmpty || UInt16(port.drop { $0 == 0x30 }.text.isEmpty ? "0" : port.text) != nil)
    guard isPort else { return false }
    if host.first == UInt8(ascii: "[") {
      let inside = host.dropFirst().dropLast()
      return inside.isOnly(addressLiteral)
        && inside.filter { $0 == UInt8(ascii: ":") }.count >= 2
    }
    var rest = host
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2, rest.prefix(2).isOnly(ByteSet.hexadecimal) else { return false }
        rest = rest.dropFirst(2)
      } else if !ByteSet.registeredName.contains(byte) {
        return false
      }
    }
    return !host.isEmpty
  }

  private static func hasPort(_ bytes: [UInt8]) -> Bool {
    guard let (_, port) = split(bytes) else { return false }
    return port.contains { $0 != 0x30 }
  }

  /// The host with its brackets, and the port, empty when there is none.
  private static func split(
    _ bytes: [UInt8]
  ) -> (host: ArraySlice<UInt8>, port: ArraySlice<UInt8>)? {
    var hostEnd = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
    if bytes.first == UInt8(ascii: "[") {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      hostEnd = end + 1
    }
    let behind = bytes[hostEnd...]
    guard behind.isEmpty || behind.first == UInt8(ascii: ":") else { return nil }
    return (bytes[..<hostEnd], behind.dropFirst())
  }
}
