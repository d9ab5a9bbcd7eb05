import Bytes
import HTTP1
import HTTPTypes
import Sockets
import TLS

/// A server's part on one event loop: its connections, and what they share. Confined to the loop.
final class ServerLoop: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: everything mutable is touched on the loop's thread only.

  let eventLoop: EventLoop
  let configuration: HTTPServerConfiguration
  /// The configuration's keep-alive timeout in the form that every request adds to the time.
  let keepAliveNanoseconds: UInt64
  /// The configuration's handler timeout, likewise.
  let handlerNanoseconds: UInt64
  let router: Router
  /// Answers what has no handler.
  let unrouted: Handler
  let coding: ContentCoding?
  /// Makes a handler of a response, within all middleware.
  let answering: @Sendable (ServerResponse) -> Handler
  let onPeerFault: (@Sendable (HTTPServerError) -> Void)?
  private(set) var drainingSince: MonotonicInstant?
  private var connections: [ObjectIdentifier: ServerConnection] = [:]
  /// Connections whose output is sent on their next turn.
  private var unsent: [ServerConnection] = []
  private var acceptors: [Acceptor] = []
  private let ended: WakeSignal
  /// Whether a task looks after the deadlines of handlers.
  private(set) var isWatchingHandlers = false
  private let watch: WakeSignal
  private var memoryRelease = MemoryRelease()
  private var isReleasingMemory = false
  private let memoryPause: WakeSignal
  private let budget: Budget
  /// Of bytes that wait for slow peers.
  let waitingBytes: Budget
  private let acceptNotice: AcceptPause.Notice?
  @exclusivity(unchecked) private var commonFields: CommonFields

  init(
    eventLoop: EventLoop, configuration: HTTPServerConfiguration, router: Router,
    unrouted: @escaping Handler, coding: ContentCoding? = nil,
    answering: @escaping @Sendable (ServerResponse) -> Handler = { response in { _ in response } },
    onPeerFault: (@Sendable (HTTPServerError) -> Void)?,
    budget: Budget, waitingBytes: Budget, acceptNotice: AcceptPause.Notice? = nil
  ) {
    self.eventLoop = eventLoop
    self.configuration = configuration
    commonFields = CommonFields(serverName: configuration.serverName)
    keepAliveNanoseconds = UInt64(clamping: configuration.keepAliveTimeout.wholeNanoseconds)
    handlerNanoseconds = UInt64(clamping: configuration.handlerTimeout.wholeNanoseconds)
    self.router = router
    self.unrouted = unrouted
    self.coding = coding
    self.answering = answering
    self.onPeerFault = onPeerFault
    ended = WakeSignal(eventLoop)
    watch = WakeSignal(eventLoop)
    memoryPause = WakeSignal(eventLoop)
    self.budget = budget
    self.waitingBytes = waitingBytes
    self.acceptNotice = acceptNotice
  }

  var isDraining: Bool { drainingSince != nil }

  // MARK: Accepting

  /// Listens at `address` and accepts until `drain`; on the loop.
  /// - Returns: The address with its real port.
  func listen(on address: SocketAddress) throws(SystemError) -> SocketAddress {
    let bound = try BoundSocket(address, isShared: true)
    let listener = try TCPListener(bound, loop: eventLoop)
    let acceptor = Acceptor(listener, pause: WakeSignal(eventLoop))
    acceptors.append(acceptor)
    Task(executorPreference: eventLoop) { await self.accept(acceptor) }
    return listener.address
  }

  private func accept(_ acceptor: Acceptor) async {
    while !isDraining {
      var reason = AcceptPause.connectionLimit
      do throws(SystemError) {
        if try acceptWaiting(acceptor.listener) {
          try? await acceptor.listener.waitForConnection(deadline: .distantFuture)
          continue
        }
      } catch {
        reason = .shortage(error)
      }
      // What ends meanwhile gives some room back.
      acceptNotice?.note(reason, at: eventLoop.now)
      await acceptor.pause.wait(until: eventLoop.now + configuration.acceptPause)
    }
    // Who is in the kernel's queue was promised an answer, as far as there is room for it.
    _ = try? acceptWaiting(acceptor.listener)
    acceptor.listener.close()
    acceptors.removeAll { $0 === acceptor }
    ended.notify()
  }

  /// Accepts all that wait.
  /// - Returns: false when the server has as many connections as it may.
  private func acceptWaiting(_ listener: TCPListener) throws(SystemError) -> Bool {
    while budget.take() {
      let accepted: AcceptedConnection?
      do throws(SystemError) {
        accepted = try listener.accept()
      } catch {
        budget.giveBack()
        throw error
      }
      guard let accepted else {
        budget.giveBack()
        return true
      }
      start(accepted)
    }
    return false
  }

  private func start(_ accepted: consuming AcceptedConnection) {
    let peerAddress = accepted.peerAddress
    guard let socket = try? TCPStream(accepted, loop: eventLoop),
      let stream = try? secured(socket)
    else {
      budget.giveBack()
      return
    }
    let connection = ServerConnection(stream: stream, peerAddress: peerAddress, loop: self)
    let key = ObjectIdentifier(connection)
    connections[key] = connection
    memoryRelease.note(connectionCount: connections.count)
    connection.task = Task(executorPreference: eventLoop) { await self.run(key) }
  }

  /// The stream that requests come on.
  private func secured(_ socket: TCPStream) throws(TLSError) -> any ByteStream {
    guard let tls = configuration.tls else { return socket }
    do throws(TLSError) {
      return try TLSStream(server: tls, over: socket)
    } catch {
      socket.close()
      throw error
    }
  }

  // MARK: Sending

  /// Has the output of `connection` sent when the loop gets to it.
  func sendSoon(_ connection: ServerConnection) {
    unsent.append(connection)
    guard unsent.count == 1 else { return }
    Task(executorPreference: eventLoop) { self.sendUnsent() }
  }

  private func sendUnsent() {
    let connections = unsent
    unsent = []
    for connection in connections { connection.sendUnsent() }
  }

  private func run(_ key: ObjectIdentifier) async {
    await connections[key]?.run()
    if connections[key]?.isOverdue == true {
      await Task(executorPreference: eventLoop) { await self.connections[key]?.endOverdue() }.value
    }
    connections[key] = nil
    budget.giveBack()
    if connections.isEmpty {
      ended.notify()
      if isDraining { watch.notify() }
    }
    releaseMemory()
  }

  /// Gives memory back when many connections have ended, behind those that end with them.
  private func releaseMemory() {
    guard !isReleasingMemory, !isDraining,
      memoryRelease.isWorthwhile(connectionCount: connections.count)
    else { return }
    isReleasingMemory = true
    Task(executorPreference: eventLoop) {
      await self.memoryPause.wait(until: self.eventLoop.now + Self.memoryReleaseDelay)
      self.isReleasingMemory = false
      if self.memoryRelease.isDue(connectionCount: self.connections.count), !self.isDraining {
        ProcessMemory.giveBack()
      }
    }
  }

  /// How long connections that were cut may take to come to their end.
  private static let abortGrace = Duration.milliseconds(250)
  private static let memoryReleaseDelay = Duration.seconds(1)

  // MARK: Handlers

  /// Sees to it that handlers which take too long are answered for; the first is due at `deadline`.
  ///
  /// One look at all connections when the earliest deadline comes, in place of a timer for every
  /// request, which would cost each of them more than this costs all. All have the same time, so
  /// whoever begins later is due later.
  func watchHandlers(from deadline: MonotonicInstant) {
    guard !isWatchingHandlers else { return }
    isWatchingHandlers = true
    Task(executorPreference: eventLoop) {
      var next: MonotonicInstant? = deadline
      while let deadline = next {
        await self.watch.wait(until: max(deadline, self.eventLoop.now + Self.watchPauseMin))
        self.refuseOverdue()
        next = self.earliestHandlerDeadline
      }
      self.isWatchingHandlers = false
    }
  }

  private var earliestHandlerDeadline: MonotonicInstant? {
    let earliest = connections.values.reduce(MonotonicInstant.distantFuture) {
      min($0, $1.handlerDeadline)
    }
    return earliest == .distantFuture ? nil : earliest
  }

  private func refuseOverdue() {
    let now = eventLoop.now
    for connection in connections.values where connection.handlerDeadline <= now {
      connection.refuseOverdue()
    }
  }

  /// Between two looks at all connections.
  private static let watchPauseMin = Duration.milliseconds(10)

  // MARK: Ending

  /// Stops accepting and waits for the connections to finish; those that have not by `deadline`, or
  /// when the task is cancelled, are cut. On the loop.
  /// - Returns: How many were cut.
  func drain(deadline: MonotonicInstant) async -> Int {
    if drainingSince == nil { drainingSince = eventLoop.now }
    for acceptor in acceptors { acceptor.interrupt() }
    memoryPause.notify()
    for connection in connections.values { connection.reconsider() }
    // They end at once; and whatever the deadline is, nobody listens when this returns.
    while !acceptors.isEmpty { await ended.wait(until: nil) }
    while !connections.isEmpty, MonotonicInstant.now() < deadline, !Task.isCancelled {
      await ended.wait(until: deadline)
    }
    let cut = connections.count
    for connection in connections.values { connection.abort() }
    // What tells of them ends with them.
    let end = MonotonicInstant.now() + Self.abortGrace
    while !connections.isEmpty, MonotonicInstant.now() < end { await ended.wait(until: end) }
    watch.notify()
    return cut
  }

  /// A listener, and the task that accepts from it.
  private final class Acceptor: Sendable {
    let listener: TCPListener
    /// Where it waits while nothing can be accepted.
    let pause: WakeSignal

    init(_ listener: TCPListener, pause: WakeSignal) {
      self.listener = listener
      self.pause = pause
    }

    /// Makes it look at the server's state again, wherever it waits.
    func interrupt() {
      listener.interrupt()
      pause.notify()
    }
  }

  // MARK: Response heads

  func appendHead(
    _ response: ServerResponse, framing: ResponseFraming, version: HTTPVersion, keepAlive: Bool,
    to output: inout ByteQueue
  ) throws(HTTPProtocolError) {
    MessageEncoder.appendStatusLine(response.status, to: &output)
    commonFields.append(to: &output)
    for field in response.fields { try MessageEncoder.appendField(field, to: &output) }
    MessageEncoder.appendFraming(framing, status: response.status, to: &output)
    if let contentType = response.contentType {
      try MessageEncoder.appendField("content-type", contentType, to: &output)
    }
    if !keepAlive {
      output.append("connection: close\r\n" as StaticString)
    } else if version < .http11 {
      output.append("connection: keep-alive\r\n" as StaticString)
    }
    output.append("\r\n" as StaticString)
  }
}
