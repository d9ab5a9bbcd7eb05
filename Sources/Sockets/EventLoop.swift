import CLinux
import Glibc
import Synchronization

/// One thread that runs Swift tasks and waits for sockets.
///
/// A task started with `Task(executorPreference: loop)` runs on the loop's thread from beginning to
/// end, through every `await`, as long as it calls nonisolated functions; so what belongs to one
/// connection needs no lock. Nothing that blocks may run here.
///
/// A loop starts with `init` and lives for as long as the process, or until `stop`.
package final class EventLoop: TaskExecutor, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: everything mutable is touched on the loop's own thread only
  // (checked by `preconditionIsCurrent`), except `inbox`, which is behind its mutex.

  private struct Inbox: ~Copyable {
    var jobs: [UnownedJob] = []
    var actions: [() -> Void] = []
    var isStopped = false
    /// Whether the eventfd was written since the loop last looked.
    var isWakePending = false
    /// The loop's thread, until somebody waits for its end or lets it go; only one may.
    var thread: pthread_t?

    mutating func takeAll() -> ([UnownedJob], [() -> Void]) {
      defer {
        jobs = []
        actions = []
      }
      return (jobs, actions)
    }

    /// Whether the caller has to write the eventfd.
    mutating func requestWake() -> Bool {
      defer { isWakePending = true }
      return !isWakePending
    }
  }

  /// Shown as the thread's name; 15 bytes are kept.
  package let name: String
  private let inbox = Mutex(Inbox())
  private let wakeUp: Int32
  // Exclusivity of these is not checked at run time: jobs, owners and actions, which know the loop,
  // are called between accesses, never during one.
  @exclusivity(unchecked) private var selector: Selector
  @exclusivity(unchecked) private var jobs = JobQueue()
  @exclusivity(unchecked) private var deadlines = DeadlineQueue()
  @exclusivity(unchecked) private var isRunning = true

  @exclusivity(unchecked) private var wokenAt: MonotonicInstant

  /// When the loop last woke. On the loop only; cheaper than asking the clock. (Not stored: other
  /// modules would check the exclusivity of that.)
  package var now: MonotonicInstant { wokenAt }

  /// Starts a loop on a thread of its own.
  /// - Throws: `SystemError` when the system gives no descriptor or thread.
  package init(name: String) throws(SystemError) {
    self.name = name
    selector = try Selector()
    // The one descriptor that outlives its owner's scope: closed when the loop ends.
    wakeUp = try SystemCall.run("eventfd") {
      eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    }
    wokenAt = .now()
    try start()
  }

  deinit { _ = close(wakeUp) }

  /// The loop whose thread this is.
  package static var current: EventLoop? {
    guard let slot = clinux_current_loop() else { return nil }
    // The slot is set by the loop's thread, which keeps the loop alive.
    return Unmanaged<EventLoop>.fromOpaque(slot).takeUnretainedValue()
  }

  /// Whether this is the loop's own thread.
  @inline(__always)
  package var isCurrent: Bool {
    clinux_current_loop() == UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
  }

  func preconditionIsCurrent() {
    precondition(isCurrent, "used off its event loop")
  }

  // MARK: Work from anywhere

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      jobs.append(job)
      return
    }
    let (mustWake, isStopped) = inbox.withLock { inbox -> (Bool, Bool) in
      if inbox.isStopped { return (false, true) }
      inbox.jobs.append(job)
      return (inbox.requestWake(), false)
    }
    // A job that comes after the end still has to run, or whoever awaits it waits for ever.
    if isStopped { job.runSynchronously(on: asUnownedTaskExecutor()) }
    if mustWake { wake() }
  }

  /// Runs `action` on the loop's thread, soon. After `stop` it is dropped.
  package func execute(_ action: @escaping @Sendable () -> Void) {
    let mustWake = inbox.withLock { inbox -> Bool in
      guard !inbox.isStopped else { return false }
      inbox.actions.append(action)
      return inbox.requestWake()
    }
    if mustWake { wake() }
  }

  /// Ends the thread when the work at hand is done, and waits for that unless called on it. When
  /// called again it does nothing. Everything that uses the loop must have ended before.
  package func stop() {
    execute { [self] in isRunning = false }
    let thread = inbox.withLock { inbox -> pthread_t? in
      defer { inbox.thread = nil }
      return inbox.thread
    }
    guard let thread else { return }
    if isCurrent {
      // A thread that nobody waits for keeps its stack until it is let go.
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }

  private func wake() {
    var one: UInt64 = 1
    // It fails only when the counter is full, and then the loop is awake.
    _ = write(wakeUp, &one, 8)
  }

  // MARK: For what lives on the loop

  /// Starts reporting readiness of `descriptor` to `owner`.
  func register(_ descriptor: Int32, owner: PollDescriptor) throws(SystemError) {
    preconditionIsCurrent()
    try selector.add(descriptor, owner: owner)
  }

  func unregister(_ descriptor: Int32) {
    preconditionIsCurrent()
    selector.remove(descriptor)
  }

  func schedule(_ entry: DeadlineQueue.Entry, at instant: MonotonicInstant) {
    preconditionIsCurrent()
    deadlines.schedule(entry, at: instant)
  }

  func unschedule(_ entry: DeadlineQueue.Entry) {
    preconditionIsCurrent()
    deadlines.remove(entry)
  }

  // MARK: The thread

  private func start() throws(SystemError) {
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    guard code == 0 else {
      Unmanaged.passUnretained(self).release()
      throw SystemError(call: "pthread_create", code: code)
    }
    let started = thread
    inbox.withLock { $0.thread = started }
  }

  private func run() {
    clinux_name_thread(name)
    clinux_set_current_loop(Unmanaged.passUnretained(self).toOpaque())
    do throws(SystemError) {
      try selector.addWakeUp(wakeUp)
      while isRunning { try turn() }
    } catch {
      // epoll itself fails only when this file is wrong; a silent dead loop would hang every user.
      preconditionFailure("event loop \(name): \(error)")
    }
    let (late, actions) = inbox.withLock { inbox -> ([UnownedJob], [() -> Void]) in
      inbox.isStopped = true
      return inbox.takeAll()
    }
    for job in late { jobs.append(job) }
    for action in actions { action() }
    while jobs.count > 0 { runJobs() }
    clinux_set_current_loop(nil)
  }

  /// Jobs first, then what other threads sent, then the sockets, then what is due.
  private func turn() throws(SystemError) {
    runJobs()
    let count = try selector.wait(timeout: timeout())
    wokenAt = .now()
    var isWoken = false
    for index in 0..<count {
      switch selector.event(at: index) {
      case .ready(let owner, let mask): owner.handle(mask: mask)
      case .wakeUp: isWoken = true
      case .stale: break
      }
    }
    if isWoken { takeInbox() }
    while let entry = deadlines.popDue(at: now) { entry.action(now) }
  }

  /// Runs what was queued when it began; what those jobs queue waits for the sockets' turn.
  private func runJobs() {
    let executor = asUnownedTaskExecutor()
    var remaining = jobs.count
    while remaining > 0, let job = jobs.popFirst() {
      job.runSynchronously(on: executor)
      remaining -= 1
    }
  }

  private func takeInbox() {
    var counter: UInt64 = 0
    _ = read(wakeUp, &counter, 8)
    let (arrived, actions) = inbox.withLock { inbox -> ([UnownedJob], [() -> Void]) in
      inbox.isWakePending = false
      return inbox.takeAll()
    }
    for job in arrived { jobs.append(job) }
    for action in actions { action() }
  }

  /// Milliseconds until something is due, rounded up so that waking early does not spin.
  private func timeout() -> Int32 {
    if jobs.count > 0 { return 0 }
    guard let next = deadlines.next, next != .distantFuture else { return -1 }
    let present = MonotonicInstant.now()
    guard next > present else { return 0 }
    return Int32(clamping: (next.nanoseconds - present.nanoseconds + 999_999) / 1_000_000)
  }
}
