import CLinux
import Glibc
import Synchronization

/// Finds the addresses of a host name, by the system's resolver (getaddrinfo), on threads of its
/// own: it blocks for as long as the network likes.
package final class NameResolver: Sendable {
  private struct Request {
    let host: String
    let port: UInt16
    let completion: @Sendable (Result<[SocketAddress], ResolutionError>) -> Void
  }

  private struct State {
    var requests: [Request] = []
    var threadCount = 0
  }

  /// Threads that resolve at once at most.
  package let threadsMax: Int
  /// Requests that wait for a thread at most; more are refused with `overloaded`.
  package let requestsMax: Int
  private let lookUp: LookUp
  private let state = Mutex(State())

  /// Asks for the addresses of a host; may block.
  package typealias LookUp =
    @Sendable (_ host: String, _ port: UInt16) throws(ResolutionError) -> [SocketAddress]

  /// - Parameter lookUp: The system's resolver by default.
  package init(
    threadsMax: Int = 4, requestsMax: Int = 1024,
    lookUp: @escaping LookUp = NameResolver.askSystem
  ) {
    self.threadsMax = threadsMax
    self.requestsMax = requestsMax
    self.lookUp = lookUp
  }

  /// One for the process: resolving has no state worth separating.
  package static let shared = NameResolver()

  /// The addresses of `host`, in the order in which they should be tried (RFC 6724).
  ///
  /// Numeric addresses are answered at once. A look-up cannot be interrupted: at the deadline, or
  /// when the task is cancelled, it goes on and its result is dropped.
  /// - Parameter loop: The loop that the calling task is on.
  /// - Throws: `ResolutionError`; its reason is `timedOut` at the deadline.
  package func resolve(
    host: String, port: UInt16, on loop: EventLoop, deadline: MonotonicInstant
  ) async throws(ResolutionError) -> [SocketAddress] {
    if let address = SocketAddress(numeric: host, port: port) { return [address] }
    let outcome = Outcome()
    let signal = WakeSignal(loop)
    submit(
      Request(host: host, port: port) { result in
        outcome.result.withLock { $0 = result }
        signal.notify()
      })
    await signal.wait(until: deadline)
    guard let result = outcome.result.withLock({ $0 }) else {
      throw ResolutionError(host: host, reason: .timedOut)
    }
    return try result.get()
  }

  /// Where a resolver thread leaves what a task waits for.
  private final class Outcome: Sendable {
    let result = Mutex<Result<[SocketAddress], ResolutionError>?>(nil)
  }

  /// As `resolve`, on the calling thread, which blocks: for start-up.
  package static func resolveBlocking(
    host: String, port: UInt16
  ) throws(ResolutionError) -> [SocketAddress] {
    if let address = SocketAddress(numeric: host, port: port) { return [address] }
    return try askSystem(host: host, port: port)
  }

  private func submit(_ request: Request) {
    enum Decision { case queued, startThread, refused }
    let decision = state.withLock { state -> Decision in
      guard state.requests.count < requestsMax else { return .refused }
      state.requests.append(request)
      guard state.threadCount < threadsMax else { return .queued }
      state.threadCount += 1
      return .startThread
    }
    switch decision {
    case .queued: break
    case .startThread: startThread()
    case .refused:
      request.completion(.failure(ResolutionError(host: request.host, reason: .overloaded)))
    }
  }

  /// A thread takes requests until there are none, and ends: look-ups are rare.
  private func startThread() {
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        clinux_name_thread("resolver")
        Unmanaged<NameResolver>.fromOpaque(context).takeRetainedValue().work()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    if code == 0 {
      pthread_detach(thread)
    } else {
      Unmanaged.passUnretained(self).release()
      // No thread to be had: answering slowly here is better than never.
      work()
    }
  }

  private func work() {
    while let request = nextRequest() {
      let result = Result { () throws(ResolutionError) in
        try lookUp(request.host, request.port)
      }
      request.completion(result)
    }
  }

  private func nextRequest() -> Request? {
    state.withLock { state in
      if state.requests.isEmpty {
        state.threadCount -= 1
        return nil
      }
      return state.requests.removeFirst()
    }
  }

  @Sendable package static func askSystem(
    host: String, port: UInt16
  ) throws(ResolutionError) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &list)
    guard code == 0 else { throw ResolutionError(host: host, reason: .system(code)) }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = list
    while let entry = next {
      next = entry.pointee.ai_next
      guard let source = entry.pointee.ai_addr else { continue }
      var storage = sockaddr_storage()
      withUnsafeMutableBytes(of: &storage) { target in
        let length = min(target.count, Int(entry.pointee.ai_addrlen))
        target.copyMemory(from: UnsafeRawBufferPointer(start: source, count: length))
      }
      if let address = SocketAddress(storage: storage)?.with(port: port),
        !addresses.contains(address)
      {
        addresses.append(address)
      }
    }
    guard !addresses.isEmpty else { throw ResolutionError(host: host, reason: .system(EAI_NONAME)) }
    return addresses
  }
}
