import Glibc
import Synchronization

/// A small number per thread, given out in order, by which threads spread over shards so that each
/// finds its own uncontended.
enum ThreadSlot {
  private static let next = Atomic<Int>(0)

  /// nil when the process has used up its thread-local keys; then all threads share slot 0, which
  /// is slower and still correct.
  private static let key: pthread_key_t? = {
    var key = pthread_key_t()
    return pthread_key_create(&key, nil) == 0 ? key : nil
  }()

  /// The calling thread's number, from 0.
  static var current: Int {
    guard let key else { return 0 }
    // The value is the number plus one, so that nil means "none yet".
    if let value = pthread_getspecific(key) { return Int(bitPattern: value) &- 1 }
    return assign(key)
  }

  /// A power of two, at least twice as many as there are cores, so that threads rarely share.
  static let shardCount: Int = {
    let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    var count = 4
    while count < cores * 2, count < 64 { count *= 2 }
    return count
  }()

  @inline(never)
  private static func assign(_ key: pthread_key_t) -> Int {
    let number = next.wrappingAdd(1, ordering: .relaxed).oldValue & 0xFFFF_FFFF
    _ = pthread_setspecific(key, UnsafeRawPointer(bitPattern: number &+ 1))
    return number
  }
}
