import Sockets

/// The connections of one loop to one origin: those in use, those that wait for use, and the
/// requests that wait for one. Confined to the loop.
final class ConnectionPool {
  /// A request in the queue.
  private final class Waiter {
    let signal: WakeSignal
    var grant: Grant?

    init(_ loop: EventLoop) { signal = WakeSignal(loop) }
  }

  /// What a request may do.
  enum Grant {
    case use(ClientConnection)
    /// Open a connection of its own, and account for it with `release` or `discard`.
    case open
  }

  private let loop: EventLoop
  private let configuration: HTTPClientConfiguration
  /// The most recently used last.
  private var idle: [ClientConnection] = []
  private var waiters: [Waiter] = []
  /// Connections open or being opened.
  private var openCount = 0
  private var isSweeping = false

  init(loop: EventLoop, configuration: HTTPClientConfiguration) {
    self.loop = loop
    self.configuration = configuration
  }

  /// Whether it has no connection, and nobody waits for one.
  var isUnused: Bool { openCount == 0 && waiters.isEmpty }

  /// Waits for a turn: first come, first served.
  func acquire(deadline: MonotonicInstant) async throws(HTTPClientError) -> Grant {
    if waiters.isEmpty, let grant = grant() { return grant }
    guard waiters.count < configuration.waitingRequestsMax else { throw .overloaded }
    let waiter = Waiter(loop)
    waiters.append(waiter)
    while waiter.grant == nil, !Task.isCancelled, MonotonicInstant.now() < deadline {
      await waiter.signal.wait(until: deadline)
    }
    let isInTime = !Task.isCancelled && MonotonicInstant.now() < deadline
    switch waiter.grant {
    case let grant? where isInTime: return grant
    // It came in the very moment in which nobody waited any more: the next one's turn.
    case .use(let connection): release(connection)
    case .open: discard()
    case nil: waiters.removeAll { $0 === waiter }
    }
    throw Task.isCancelled ? .cancelled : .timedOut(.waitingForConnection)
  }

  /// Takes back a connection that can be used again.
  func release(_ connection: ClientConnection) {
    connection.idleSince = loop.now
    idle.append(connection)
    serveNext()
    if !idle.isEmpty { startSweeping() }
  }

  /// Takes note that a connection is gone, or could not be opened.
  func discard() {
    openCount -= 1
    serveNext()
  }

  func closeIdle() {
    for connection in idle { connection.close() }
    openCount -= idle.count
    idle = []
  }

  private func grant() -> Grant? {
    while let connection = idle.popLast() {
      if connection.isUsable { return .use(connection) }
      connection.close()
      openCount -= 1
    }
    guard openCount < configuration.connectionsPerOriginMax else { return nil }
    openCount += 1
    return .open
  }

  private func serveNext() {
    guard let waiter = waiters.first, let grant = grant() else { return }
    waiters.removeFirst()
    waiter.grant = grant
    waiter.signal.notify()
  }

  /// Closes what has been idle for too long, while there is anything idle.
  private func startSweeping() {
    guard !isSweeping else { return }
    isSweeping = true
    let box = LoopConfined(self)
    Task(executorPreference: loop) { await box.value.sweep() }
  }

  private func sweep() async {
    while let oldest = idle.first {
      let due = oldest.idleSince + configuration.idleTimeout
      if due > loop.now {
        try? await loop.sleep(until: due)
      } else {
        idle.removeFirst()
        oldest.close()
        discard()
      }
    }
    isSweeping = false
  }
}
