import CLinux
import Glibc

/// A blocking TCP socket straight from the C library: the other end of what is tested, with nothing
/// of ours in it. Every call that blocks is bounded, so that no defect hangs a test for ever.
package final class RawSocket: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let call: String
    package let code: Int32
    package var description: String { "\(call): \(String(cString: strerror(code)))" }
    package var isReset: Bool { code == ECONNRESET || code == EPIPE }
    package var isTimeout: Bool { code == EAGAIN }
    package var isRefused: Bool { code == ECONNREFUSED }
  }

  /// How long a call may block.
  package static let patienceSeconds = 30

  package let descriptor: Int32

  /// Takes over a connected socket.
  package init(owning descriptor: Int32) throws {
    self.descriptor = descriptor
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      var time = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
      try Self.check("setsockopt") {
        setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
      }
    }
  }

  /// Connects to a port of this machine.
  /// - Parameter receiveBufferBytes: What the kernel keeps for us at most, before it doubles it: a
  ///   small one makes a slow reader.
  package convenience init(
    port: UInt16, host: String = "127.0.0.1", receiveBufferBytes: Int32? = nil
  ) throws {
    let address = try RawAddress(host: host, port: port)
    let descriptor = try Self.check("socket") {
      socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }
    try self.init(owning: descriptor)
    if var bytes = receiveBufferBytes {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, 4)
    }
    try Self.check("connect") { address.withSockAddr { connect(descriptor, $0, $1) } }
  }

  deinit { _ = Glibc.close(descriptor) }

  /// The port of this end.
  package var localPort: UInt16 { RawAddress.port(of: descriptor, getsockname) ?? 0 }

  // MARK: Sending

  package func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// Sends all of `bytes`.
  package func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      sent += try bytes.withUnsafeBytes { memory in
        try Self.check("send") {
          Glibc.send(
            descriptor, memory.baseAddress?.advanced(by: sent), memory.count - sent,
            Int32(MSG_NOSIGNAL))
        }
      }
    }
  }

  /// Sends what goes without waiting.
  /// - Returns: How many bytes went.
  package func sendNow(_ bytes: [UInt8]) throws -> Int {
    do {
      return try Self.check("send") {
        Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
    } catch let failure as Failure where failure.code == EAGAIN {
      return 0
    }
  }

  /// Ends this half.
  package func endWriting() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Breaks the connection when this object ends: the peer gets a reset in place of an end.
  package func resetOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  // MARK: Receiving

  /// Some bytes; none at the end.
  package func receive(atMost byteCountMax: Int = 65_536) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: byteCountMax) { memory, count in
      count = try Self.check("recv") { recv(descriptor, memory.baseAddress, memory.count, 0) }
    }
  }

  /// Everything up to the end.
  package func receiveToEnd() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let piece = try receive()
      if piece.isEmpty { return bytes }
      bytes += piece
    }
  }

  /// Everything up to the end, as text.
  package func textToEnd() throws -> String { String(decoding: try receiveToEnd(), as: UTF8.self) }

  /// Whether something, or the end, has arrived; waits for so long.
  package func isReadable(withinMilliseconds milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }

  /// Waits until the peer has broken the connection, or ended it; for so long at most.
  package func waitForHangUp(milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(EPOLLRDHUP.rawValue), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }

  @discardableResult
  static func check<Result: SignedInteger>(_ call: String, _ body: () -> Result) throws -> Result {
    while true {
      let result = body()
      if result != -1 { return result }
      if errno != EINTR { throw Failure(call: call, code: errno) }
    }
  }
}
