import Glibc

/// The directory that a store's files are in.
enum StoreDirectory {
  /// Makes the directory and those above it, where they are missing.
  /// - Throws: `StorageError.failed` with the system's reason.
  static func make(_ path: String) throws(StorageError) {
    var current = path.hasPrefix("/") ? "/" : ""
    for name in path.split(separator: "/") {
      current += "\(name)/"
      guard mkdir(current, 0o755) != 0, errno != EEXIST else { continue }
      throw .failed(String(cString: strerror(errno)))
    }
    var status = stat()
    guard stat(current, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR else { return }
    throw .failed(String(cString: strerror(ENOTDIR)))
  }
}
