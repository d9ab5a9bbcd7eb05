import Bytes
import COpenSSL

/// A BIO whose bytes are the queues of a `Transport`: records go between OpenSSL and the memory
/// that the socket's calls use with one copy each way, and sending cannot raise SIGPIPE.
enum TransportBIO {
  /// Shared by all BIOs; nil only without memory.
  nonisolated(unsafe) private static let method: OpaquePointer? = makeMethod()

  /// A BIO over `transport`, which has to outlive it.
  static func make(_ transport: Transport.Pointer) -> OpaquePointer? {
    guard let method, let bio = BIO_new(method) else { return nil }
    BIO_set_data(bio, transport)
    return bio
  }

  private static func makeMethod() -> OpaquePointer? {
    let kind = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
    guard let method = BIO_meth_new(kind, "byte queue") else { return nil }
    BIO_meth_set_read(method) { bio, target, count in
      TransportBIO.read(bio, target, Int(count))
    }
    BIO_meth_set_write(method) { bio, source, count in
      guard let transport = TransportBIO.transport(bio), count > 0 else { return 0 }
      transport.pointee.outbound.append(UnsafeRawBufferPointer(start: source, count: Int(count)))
      return count
    }
    BIO_meth_set_ctrl(method) { bio, command, _, _ in
      switch command {
      case BIO_CTRL_FLUSH: return 1
      case BIO_CTRL_EOF:
        guard let transport = TransportBIO.transport(bio) else { return 1 }
        return transport.pointee.isInboundEnded && transport.pointee.inbound.isEmpty ? 1 : 0
      default: return 0
      }
    }
    return method
  }

  /// Moves up to `count` bytes to `target`. Nothing there means "try again" until the peer ended.
  private static func read(
    _ bio: OpaquePointer?, _ target: UnsafeMutablePointer<CChar>?, _ count: Int
  ) -> Int32 {
    guard let transport = transport(bio), let target, count > 0 else { return 0 }
    let retryFlags = BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY
    let moved = transport.pointee.inbound.withUnsafeBytes { bytes -> Int in
      guard let source = bytes.baseAddress, !bytes.isEmpty else { return 0 }
      let moved = min(bytes.count, count)
      UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: moved)
      return moved
    }
    if moved > 0 {
      transport.pointee.inbound.consume(moved)
      BIO_clear_flags(bio, retryFlags)
      return Int32(moved)
    }
    if transport.pointee.isInboundEnded {
      BIO_clear_flags(bio, retryFlags)
      return 0
    }
    BIO_set_flags(bio, retryFlags)
    return -1
  }

  @inline(__always)
  private static func transport(_ bio: OpaquePointer?) -> Transport.Pointer? {
    BIO_get_data(bio)?.assumingMemoryBound(to: Transport.self)
  }
}
