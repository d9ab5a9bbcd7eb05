extension SocketAddress {
  /// 32 or 128.
  package var bitCount: Int { family == .ipv4 ? 32 : 128 }

  /// Whether it is this machine's own: 127.0.0.0/8 (RFC 1122 §3.2.1.3) or ::1.
  package var isLoopback: Bool {
    switch family {
    case .ipv4: bytes[0] == 127
    case .ipv6: bytes[15] == 1 && (0..<15).allSatisfy { bytes[$0] == 0 }
    }
  }

  /// Whether it shares its first `prefixBits` with `other`, of the same family (RFC 4632 §3.1).
  package func isInNetwork(of other: SocketAddress, prefixBits: Int) -> Bool {
    guard family == other.family else { return false }
    for bit in 0..<min(max(prefixBits, 0), bitCount) {
      let difference = bytes[bit / 8] ^ other.bytes[bit / 8]
      if difference << UInt8(bit % 8) & 0x80 != 0 { return false }
    }
    return true
  }
}
