import Glibc

/// The one place where system calls are made and `errno` is read: EINTR is retried, EAGAIN is a
/// value, and a bad descriptor or address stops the program, because only a defect of ours makes
/// one and going on would read or write somebody else's connection.
enum SystemCall {
  /// Calls `body` until it is not interrupted.
  /// - Throws: `SystemError` when it answers -1.
  @inline(__always) @discardableResult
  static func run<Result: SignedInteger>(
    _ name: StaticString, _ body: () -> Result
  ) throws(SystemError) -> Result {
    while true {
      let result = body()
      if result != -1 { return result }
      let code = errno
      if code == EINTR { continue }
      throw failure(name, code)
    }
  }

  /// As `run`, for calls on non-blocking descriptors.
  /// - Returns: nil when the call would have to wait (EAGAIN).
  @inline(__always)
  static func attempt<Result: SignedInteger>(
    _ name: StaticString, _ body: () -> Result
  ) throws(SystemError) -> Result? {
    while true {
      let result = body()
      if result != -1 { return result }
      let code = errno
      if code == EINTR { continue }
      if code == EAGAIN || code == EWOULDBLOCK { return nil }
      throw failure(name, code)
    }
  }

  @inline(never)
  private static func failure(_ name: StaticString, _ code: Int32) -> SystemError {
    precondition(code != EBADF && code != EFAULT, "\(name) on a descriptor or address not ours")
    return SystemError(call: "\(name)", code: code)
  }
}
