import Sockets

/// Numeric addresses: one that is accepted is what it prints, and says nothing more.
enum SocketAddressTarget {
  private static let characters = ByteSet.hexadecimal.union(".:[]")

  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let text = bytes.text
    guard let address = SocketAddress(numeric: text, port: 80) else { return }
    try require(text.utf8.isOnly(characters), "accepts \(text)")
    try requireEqual(SocketAddress(numeric: address.host, port: 80), address, "printed and read")
    let isIPv6 = address.family == .ipv6
    try requireEqual(text.contains(":"), isIPv6, "family")
    try requireEqual(
      address.description, isIPv6 ? "[\(address.host)]:80" : "\(address.host):80", "description")
    let bracketed = SocketAddress(numeric: "[\(address.host)]", port: 80)
    try requireEqual(bracketed, isIPv6 ? address : nil, "in brackets")
  }
}
