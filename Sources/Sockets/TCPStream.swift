package import Bytes
import Glibc

/// A TCP connection on an event loop.
package final class TCPStream: ByteStream {
  private let descriptor: PollDescriptor
  /// The other end's address; nil when the kernel did not tell.
  package let peerAddress: SocketAddress?

  private init(descriptor: PollDescriptor, peerAddress: SocketAddress?) {
    self.descriptor = descriptor
    self.peerAddress = peerAddress
  }

  /// Takes over an accepted connection, on the thread of `loop`.
  package init(_ accepted: consuming AcceptedConnection, loop: EventLoop) throws(StreamError) {
    peerAddress = accepted.peerAddress
    let socket = accepted.takeDescriptor()
    do throws(SystemError) {
      descriptor = try PollDescriptor(socket, loop: loop)
    } catch {
      throw .system(error)
    }
  }

  deinit {
    let descriptor = descriptor
    if descriptor.loop.isCurrent {
      descriptor.close()
    } else {
      descriptor.loop.execute { descriptor.close() }
    }
  }

  /// Connects to `address`; to be called on the thread of `loop`.
  /// - Throws: `timedOut`, `cancelled`, or `system` with the reason (refused, unreachable).
  package static func connect(
    to address: SocketAddress, on loop: EventLoop, deadline: MonotonicInstant
  ) async throws(StreamError) -> TCPStream {
    let (descriptor, isPending) = try begin(to: address, on: loop)
    let stream = TCPStream(descriptor: descriptor, peerAddress: address)
    guard isPending else { return stream }
    descriptor.markFull()
    do throws(StreamError) {
      try await descriptor.wait(.writing, deadline: deadline)
      try checkConnected(descriptor)
    } catch {
      stream.close()
      throw error
    }
    return stream
  }

  /// This end's address; nil when closed.
  package var localAddress: SocketAddress? {
    descriptor.rawValue.flatMap { SocketAddress.local(of: $0) }
  }

  package func receive(
    into queue: inout ByteQueue, atMost byteCountMax: Int
  ) throws(StreamError) -> ReceiveOutcome {
    guard let rawValue = descriptor.rawValue else { throw .closed }
    guard descriptor.isReadable else { return .wouldBlock }
    var outcome = ReceiveOutcome.wouldBlock
    do throws(SystemError) {
      try queue.write(atLeast: byteCountMax) { (free) throws(SystemError) -> Int in
        let received = try SystemCall.attempt("recv") {
          recv(rawValue, free.baseAddress, byteCountMax, 0)
        }
        guard let received else {
          descriptor.markDrained()
          return 0
        }
        // A short read has emptied the socket: what comes later is a new edge.
        if received < byteCountMax { descriptor.markShortRead() }
        outcome = received == 0 ? .endOfStream : .received(received)
        return received
      }
    } catch {
      throw .system(error)
    }
    return outcome
  }

  package func send(_ queue: inout ByteQueue) throws(StreamError) -> Bool {
    guard let rawValue = descriptor.rawValue else { throw .closed }
    while !queue.isEmpty {
      guard descriptor.isWritable else { return false }
      let sent: Int?
      do throws(SystemError) {
        sent = try queue.withUnsafeBytes { (bytes) throws(SystemError) -> Int? in
          try SystemCall.attempt("send") {
            Glibc.send(rawValue, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
          }
        }
      } catch {
        throw .system(error)
      }
      guard let sent else {
        descriptor.markFull()
        return false
      }
      queue.consume(sent)
    }
    return true
  }

  package var isBroken: Bool { descriptor.isBroken }

  package func waitUntilReadable(deadline: MonotonicInstant) async throws(StreamError) {
    try await descriptor.wait(.reading, deadline: deadline)
  }

  package func resume(
    _ reader: UnsafeContinuation<StreamWake, Never>, whenReadableBy deadline: MonotonicInstant
  ) {
    descriptor.resume(reader, whenReadableBy: deadline)
  }

  package func waitUntilWritable(deadline: MonotonicInstant) async throws(StreamError) {
    try await descriptor.wait(.writing, deadline: deadline)
  }

  package func interruptRead() { descriptor.interruptReader() }

  package func closeWrite() {
    guard let rawValue = descriptor.rawValue else { return }
    // A peer that is gone already has nothing left to be told.
    _ = shutdown(rawValue, Int32(SHUT_WR))
  }

  package func close() { descriptor.close() }

  package func reset() {
    guard let rawValue = descriptor.rawValue else { return }
    // Lingering for no time is what makes the kernel send a reset in place of an end.
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(rawValue, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    descriptor.close()
  }

  /// Whether nothing has arrived and the peer is still there: what an idle connection must be to be
  /// used again. Costs one system call.
  package var isIdleAndOpen: Bool {
    guard let rawValue = descriptor.rawValue, !descriptor.isHungUp else { return false }
    var byte: UInt8 = 0
    return recv(rawValue, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == -1
      && (errno == EAGAIN || errno == EWOULDBLOCK)
  }

  private static func begin(
    to address: SocketAddress, on loop: EventLoop
  ) throws(StreamError) -> (PollDescriptor, isPending: Bool) {
    do throws(SystemError) {
      let socket = try SocketOptions.openTCP(family: address.family)
      SocketOptions.disableDelay(on: socket.rawValue)
      let rawValue = socket.rawValue
      let code = address.withSockAddr { pointer, length in
        Glibc.connect(rawValue, pointer, length) == 0 ? 0 : errno
      }
      guard code == 0 || code == EINPROGRESS || code == EINTR else {
        throw SystemError(call: "connect", code: code)
      }
      return (try PollDescriptor(socket, loop: loop), code != 0)
    } catch {
      throw .system(error)
    }
  }

  private static func checkConnected(_ descriptor: PollDescriptor) throws(StreamError) {
    guard let rawValue = descriptor.rawValue else { throw .closed }
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(rawValue, SOL_SOCKET, SO_ERROR, &code, &length)
    if code != 0 { throw .system(SystemError(call: "connect", code: code)) }
  }
}
