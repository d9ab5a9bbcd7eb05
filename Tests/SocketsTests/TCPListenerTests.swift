import Glibc
import RawSockets
@testable import Sockets
import Testing

@Suite(.timeLimit(.minutes(1))) struct TCPListenerTests {
  @Test(arguments: ["127.0.0.1", "::1"])
  func connectionsArriveWithTheirPeersAddress(_ host: String) async throws {
    try await onLoop { loop in
      let listener = try Connection.listen(on: loop, host: host)
      #expect(listener.address.port != 0 && listener.address.host == host)
      #expect(try listener.accept() == nil)
      let peer = try RawSocket(port: listener.address.port, host: host)
      let stream = try await Connection.accept(listener, loop)
      #expect(stream.peerAddress == SocketAddress(numeric: host, port: peer.localPort))
      #expect(stream.localAddress == listener.address)
      #expect(try listener.accept() == nil)
      listener.close()
    }
  }

  /// Both wildcards have sockets of their own, whatever the system's default is.
  @Test func wildcardsOfBothFamiliesShareAPort() async throws {
    try await onLoop { loop in
      let wildcard = try #require(SocketAddress(numeric: "0.0.0.0", port: 0))
      var six = try Connection.listen(on: loop, host: "::")
      var four: TCPListener?
      // Something else may have the port that this family's kernel gave us.
      for _ in 0..<100 {
        if let bound = try? BoundSocket(wildcard.with(port: six.address.port), isShared: false) {
          four = try TCPListener(bound, loop: loop)
          break
        }
        six = try Connection.listen(on: loop, host: "::")
      }
      guard let four else {
        Issue.record("both families never had one port")
        return
      }
      let port = six.address.port
      for (listener, host) in [(six, "::1"), (four, "127.0.0.1")] {
        let peer = try RawSocket(port: port, host: host)
        let stream = try await Connection.accept(listener, loop)
        #expect(stream.peerAddress == SocketAddress(numeric: host, port: peer.localPort))
      }
      #expect(try six.accept() == nil && four.accept() == nil)
      six.close()
      four.close()
    }
  }

  @Test func aTakenAddressIsNamed() throws {
    let holder = try RawListener()
    let address = try #require(SocketAddress(numeric: "127.0.0.1", port: holder.port))
    for attempt in 0..<3 {
      do {
        switch attempt {
        case 0: _ = try BoundSocket(address, isShared: false)
        case 1: _ = try BoundSocket(address, isShared: true)
        default: try BoundSocket.checkFree(address)
        }
        Issue.record("the address was taken")
      } catch {
        #expect(error == SystemError(call: "bind", code: EADDRINUSE))
      }
    }
  }

  @Test func anAddressThatIsNotOursIsNamed() throws {
    // TEST-NET-2 (RFC 5737) is nobody's.
    let address = try #require(SocketAddress(numeric: "198.51.100.1", port: 0))
    do {
      _ = try BoundSocket(address, isShared: false)
      Issue.record("the address is not ours")
    } catch {
      #expect(error == SystemError(call: "bind", code: EADDRNOTAVAIL))
    }
  }

  @Test func sharingMustBeAskedFor() throws {
    let any = try #require(SocketAddress(numeric: "127.0.0.1", port: 0))
    try BoundSocket.checkFree(any)
    let first = try BoundSocket(any, isShared: true)
    let second = try BoundSocket(first.address, isShared: true)
    #expect(second.address == first.address)
    #expect(throws: SystemError.self) { _ = try BoundSocket(any.with(port: first.address.port), isShared: false) }
    // Sharing would hide that somebody listens there; the check does not.
    #expect(throws: SystemError(call: "bind", code: EADDRINUSE)) {
      try BoundSocket.checkFree(any.with(port: first.address.port))
    }
    let port = first.address.port
    _ = consume first
    _ = consume second
    try BoundSocket.checkFree(any.with(port: port))
  }

  @Test func optionsAreReallySet() async throws {
    let any = try #require(SocketAddress(numeric: "127.0.0.1", port: 0))
    for isShared in [true, false] {
      let bound = try BoundSocket(any, isShared: isShared).takeDescriptor()
      #expect(Self.option(SOL_SOCKET, SO_REUSEPORT, bound.rawValue) == (isShared ? 1 : 0))
      #expect(Self.option(SOL_SOCKET, SO_REUSEADDR, bound.rawValue) == 1)
      #expect(Self.option(SOL_SOCKET, SO_ACCEPTCONN, bound.rawValue) == 1)
      Self.expectFlags(bound.rawValue)
    }
    try await onLoop { loop in
      let listener = try Connection.listen(on: loop)
      let peer = try RawSocket(port: listener.address.port)
      try await listener.waitForConnection(deadline: Patience.long)
      guard let accepted = try listener.accept()?.takeDescriptor() else {
        Issue.record("nobody was there")
        return
      }
      #expect(Self.option(Int32(IPPROTO_TCP), TCP_NODELAY, accepted.rawValue) == 1)
      Self.expectFlags(accepted.rawValue)
      listener.close()
      _ = peer
    }
    let six = try #require(SocketAddress(numeric: "::1", port: 0))
    let bound = try BoundSocket(six, isShared: false).takeDescriptor()
    #expect(Self.option(Int32(IPPROTO_IPV6), Int32(IPV6_V6ONLY), bound.rawValue) == 1)
  }

  private static func option(_ level: Int32, _ name: Int32, _ descriptor: Int32) -> Int32 {
    var value: Int32 = -1
    var length = socklen_t(4)
    getsockopt(descriptor, level, name, &value, &length)
    return value
  }

  /// Never blocking, and not for programs that this one starts.
  private static func expectFlags(_ descriptor: Int32) {
    #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0)
    #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
  }

  // MARK: Waiting

  @Test func aWaitEndsByItsDeadline() async throws {
    try await onLoop { loop in
      let listener = try Connection.listen(on: loop)
      #expect(try listener.accept() == nil)
      #expect(await outcome { () async throws(StreamError) in
        try await listener.waitForConnection(deadline: Patience.short)
      } == "timed out")
      listener.close()
    }
  }

  @Test(arguments: ["cancelled", "closed", "fine"])
  func aWaitEndsOtherwise(_ expected: String) async throws {
    try await onLoop { loop in
      let listener = Confined(try Connection.listen(on: loop))
      #expect(try listener.value.accept() == nil)
      let waiting = Task(executorPreference: loop) {
        await outcome { () async throws(StreamError) in
          try await listener.value.waitForConnection(deadline: .distantFuture)
        }
      }
      await Task.yield()
      switch expected {
      case "cancelled": waiting.cancel()
      case "closed": listener.value.close()
      default: listener.value.interrupt()
      }
      #expect(await waiting.value == expected)
      listener.value.close()
      listener.value.close()
      #expect(try listener.value.accept() == nil)
    }
  }

  @Test func closingRefusesThoseWhoWait() async throws {
    try await onLoop { loop in
      let listener = try Connection.listen(on: loop)
      let port = listener.address.port
      let waiting = try RawSocket(port: port)
      listener.close()
      #expect(throws: RawSocket.Failure.self) { _ = try waiting.receiveToEnd() }
      #expect(throws: RawSocket.Failure.self) { _ = try RawSocket(port: port) }
      #expect(Descriptors.count(localPort: port) == 0)
    }
  }

  @Test func aListenerThatNobodyKeepsIsClosed() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let port = try await loop.run { try Connection.listen(on: loop).address.port }
    #expect(Descriptors.settle(0) { Descriptors.count(localPort: port) } == 0)
    // From another thread, too.
    let kept = try await loop.run { Confined(try Connection.listen(on: loop)) }
    let other = kept.value.address.port
    #expect(Descriptors.count(localPort: other) == 1)
    _ = consume kept
    #expect(Descriptors.settle(0) { Descriptors.count(localPort: other) } == 0)
  }

  /// Out of descriptors: the error says that it passes, nothing is lost, and it does pass.
  @Test func aShortageOfDescriptorsPasses() async {
    await #expect(processExitsWith: .success) {
      try await onLoop { loop in
        let listener = try Connection.listen(on: loop)
        let peer = try RawSocket(port: listener.address.port)
        try await listener.waitForConnection(deadline: Patience.long)
        var limit = rlimit(rlim_cur: 64, rlim_max: 64)
        #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        var held: [Int32] = []
        while case let number = dup(0), number >= 0 { held.append(number) }
        for _ in 0..<3 {
          do throws(SystemError) {
            _ = try listener.accept()
            Issue.record("there was no descriptor to be had")
          } catch {
            #expect(error == SystemError(call: "accept4", code: EMFILE))
            #expect(error.isResourceShortage)
          }
        }
        for number in held { Glibc.close(number) }
        let stream = try await Connection.accept(listener, loop)
        try peer.send([5])
        #expect(try await stream.read(1) == [5])
      }
    }
  }
}
