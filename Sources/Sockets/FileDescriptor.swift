import Glibc

/// The one owner of an open POSIX file descriptor: closed when its owner ends, and never twice.
package struct FileDescriptor: ~Copyable {
  package let rawValue: Int32

  /// Takes over an open descriptor, which nobody else may close.
  package init(owning rawValue: Int32) { self.rawValue = rawValue }

  deinit {
    // Linux frees the descriptor even when close is interrupted, so it is never retried.
    _ = close(rawValue)
  }

  /// Gives the descriptor away, open.
  package consuming func release() -> Int32 {
    let value = rawValue
    discard self
    return value
  }
}
