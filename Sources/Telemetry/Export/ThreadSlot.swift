import CLinux
import Glibc
import Synchronization

/// A small number per thread, given out in order, by which threads spread over shards so that each
/// finds its own uncontended.
enum ThreadSlot {
  private static let next = Atomic<UInt32>(1)

  /// The calling thread's number, from 0.
  @inline(__always)
  static var current: Int {
    // The value is the number plus one, so that 0 means "none yet".
    let number = clinux_thread_number()
    return number == 0 ? assign() : Int(number) &- 1
  }

  /// A power of two, at least twice as many as there are cores, so that threads rarely share.
  static let shardCount: Int = {
    let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    var count = 4
    while count < cores * 2, count < 64 { count *= 2 }
    return count
  }()

  @inline(never)
  private static func assign() -> Int {
    var number = next.wrappingAdd(1, ordering: .relaxed).oldValue
    // After four billion threads the numbers begin anew.
    if number == 0 { number = 1 }
    clinux_set_thread_number(number)
    return Int(number) &- 1
  }
}
