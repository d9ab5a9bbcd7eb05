import Sockets
import TLS

/// A stream that a connection can be kept open on between two exchanges.
protocol ClientStream: ByteStream {
  /// Whether no data has arrived and the peer is still there.
  var isIdleAndOpen: Bool { get }
}

extension TCPStream: ClientStream {}
extension TLSStream: ClientStream {}
