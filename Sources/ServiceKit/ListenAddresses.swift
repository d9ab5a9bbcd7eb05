package import Sockets

/// The addresses that a host setting stands for.
package enum ListenAddresses {
  /// - Parameter host: `*` for every interface, else a name or a numeric address.
  /// - Throws: `ResolutionError`.
  package static func resolve(
    host: String, port: UInt16
  ) throws(ResolutionError) -> [SocketAddress] {
    if host == "*" {
      return [
        SocketAddress(numeric: "0.0.0.0", port: port), SocketAddress(numeric: "::", port: port),
      ].compactMap { $0 }
    }
    let addresses = try NameResolver.resolveBlocking(host: host, port: port)
    guard host == "localhost" else { return addresses }
    // IPv4 first: the port that it gets is the one that is shown.
    return addresses.sorted { $0.family == .ipv4 && $1.family == .ipv6 }
  }
}
