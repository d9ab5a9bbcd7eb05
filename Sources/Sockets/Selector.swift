import CLinux
import Glibc

/// Readiness from epoll. Every registration carries a generation, so that an event which was
/// fetched before its descriptor was closed cannot reach the descriptor's next owner.
struct Selector: ~Copyable {
  private struct Slot {
    var generation: UInt32 = 0
    var owner: PollDescriptor?
  }

  /// What one fetched event means.
  enum Event {
    case ready(PollDescriptor, mask: UInt32)
    /// Another thread wants the loop's attention.
    case wakeUp
    /// It was meant for a registration that is gone.
    case stale
  }

  private static let wakeUpDatum = UInt64.max

  /// Events fetched by one call.
  private static let batchSize = 256

  private let epoll: FileDescriptor
  /// By descriptor number.
  private var slots: ContiguousArray<Slot> = []
  private let events: UnsafeMutablePointer<epoll_event>

  init() throws(SystemError) {
    epoll = FileDescriptor(
      owning: try SystemCall.run("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
    events = .allocate(capacity: Self.batchSize)
  }

  deinit { events.deallocate() }

  /// Reports readiness of `descriptor` to `owner`, edge-triggered, both directions, until removed.
  mutating func add(_ descriptor: Int32, owner: PollDescriptor) throws(SystemError) {
    let index = Int(descriptor)
    while slots.count <= index { slots.append(Slot()) }
    slots[index].generation &+= 1
    let datum = UInt64(slots[index].generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    let epoll = epoll.rawValue
    try SystemCall.run("epoll_ctl") {
      clinux_epoll_add(epoll, descriptor, clinux_epoll_events, datum)
    }
    slots[index].owner = owner
  }

  /// Registers the eventfd by which other threads wake the loop: its events have no owner.
  func addWakeUp(_ descriptor: Int32) throws(SystemError) {
    let epoll = epoll.rawValue
    try SystemCall.run("epoll_ctl") {
      clinux_epoll_add(epoll, descriptor, UInt32(EPOLLIN.rawValue), Self.wakeUpDatum)
    }
  }

  /// Forgets `descriptor`; the kernel does when it is closed, which must follow.
  mutating func remove(_ descriptor: Int32) {
    slots[Int(descriptor)].generation &+= 1
    slots[Int(descriptor)].owner = nil
  }

  /// Waits for events and hands each to its owner.
  /// - Parameter timeout: Milliseconds; -1 waits for ever, 0 does not wait.
  /// - Returns: How many events came.
  func wait(timeout: Int32) throws(SystemError) -> Int {
    // An interrupted wait counts as one without events: the caller looks at its deadlines anyway.
    let count = epoll_wait(epoll.rawValue, events, Int32(Self.batchSize), timeout)
    if count >= 0 { return Int(count) }
    let code = errno
    guard code == EINTR else { throw SystemError(call: "epoll_wait", code: code) }
    return 0
  }

  /// What the event at `index` of the last wait means.
  func event(at index: Int) -> Event {
    let datum = clinux_event_datum(events + index)
    if datum == Self.wakeUpDatum { return .wakeUp }
    let slot = Int(UInt32(truncatingIfNeeded: datum))
    guard slots[slot].generation == UInt32(truncatingIfNeeded: datum >> 32),
      let owner = slots[slot].owner
    else { return .stale }
    return .ready(owner, mask: clinux_event_mask(events + index))
  }
}
