/// A connection as the kernel handed it over, not yet on a loop.
package struct AcceptedConnection: ~Copyable {
  private let descriptor: FileDescriptor
  package let peerAddress: SocketAddress?

  init(descriptor: consuming FileDescriptor, peerAddress: SocketAddress?) {
    self.descriptor = descriptor
    self.peerAddress = peerAddress
  }

  consuming func takeDescriptor() -> FileDescriptor { descriptor }
}
