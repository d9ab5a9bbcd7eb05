import Sockets

/// One entry of `no_proxy`: whom a proxy is not for.
package struct HTTPProxyException: Hashable, Sendable {
  private enum Hosts: Hashable {
    case all
    /// In lower case, without a dot in front: it and all below it.
    case name(String)
    case network(SocketAddress, prefixBits: Int)
  }

  private let hosts: Hosts
  /// Nil for every port.
  private let port: UInt16?

  /// Parses `*`, a name such as `example.com` or `.example.com`, an address, or a network such as
  /// `10.0.0.0/8`; names and addresses perhaps with a port. Whatever else it is covers nobody.
  package init(_ text: String) {
    let (host, port) = Self.split(text)
    self.port = port
    let parts = host.split(separator: "/", maxSplits: 1)
    if host == "*" {
      hosts = .all
    } else if let first = parts.first,
      let address = SocketAddress(numeric: String(first), port: 0)
    {
      // What is no length of a prefix covers the address alone.
      let bits = parts.count == 2 ? Int(parts[1]) ?? address.bitCount : address.bitCount
      hosts = .network(address, prefixBits: min(max(bits, 0), address.bitCount))
    } else {
      hosts = .name(String(host.lowercased().drop { $0 == "." }))
    }
  }

  func covers(_ url: HTTPURL) -> Bool {
    guard port == nil || port == url.port else { return false }
    switch hosts {
    case .all: return true
    case .name(let name):
      let host = url.host.lowercased()
      return !name.isEmpty && (host == name || host.hasSuffix("." + name))
    case .network(let network, let prefixBits):
      guard let address = SocketAddress(numeric: url.host, port: 0) else { return false }
      return address.isInNetwork(of: network, prefixBits: prefixBits)
    }
  }

  /// Host and port; the colons of an IPv6 address without brackets are its own.
  private static func split(_ text: String) -> (host: String, port: UInt16?) {
    if let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
      text.hasPrefix("[") || text.count(where: { $0 == ":" }) == 1
    {
      return (String(text[..<colon]), port)
    }
    return (text, nil)
  }
}
