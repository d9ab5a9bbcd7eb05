import Glibc

/// Where a file is, and which one: a database that was moved away, or replaced by another, goes on
/// taking writes that nobody will find.
struct FilePlace: Sendable {
  private struct Identity: Hashable {
    let device: UInt64
    let number: UInt64

    /// nil when there is no file.
    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(status.st_dev)
      number = UInt64(status.st_ino)
    }
  }

  private let path: String
  private let identity: Identity?

  /// The file that is at `path` now.
  init(_ path: String) {
    self.path = path
    identity = Identity(path)
  }

  /// Whether that file is still there; also when there was none.
  var isKept: Bool { identity == nil || Identity(path) == identity }
}
