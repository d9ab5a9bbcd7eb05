import Glibc

/// A semaphore for a thread to sleep on.
final class WakeUp: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: a POSIX semaphore is made for use by several threads, and its
  // memory lives as long as this object.
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    semaphore.initialize(to: sem_t())
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func post() { sem_post(semaphore) }

  func wait() {
    while sem_wait(semaphore) != 0, errno == EINTR {}
  }

  /// Sleeps for a while, whatever is posted.
  func pause(nanoseconds: Int) {
    var time = timespec(tv_sec: 0, tv_nsec: nanoseconds)
    nanosleep(&time, nil)
  }
}
