import Bytes
import Glibc
import Sockets

/// The system calls of the spool. All of them may block.
enum SpoolFile {
  /// Others have no business in it: telemetry may hold what must not be seen.
  private static let (folderMode, fileMode): (mode_t, mode_t) = (0o700, 0o600)

  /// Makes a folder, and those that it is in.
  static func makeFolder(_ path: String) throws(SystemError) {
    if mkdir(path, folderMode) == 0 { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try makeFolder(String(path[..<slash]))
      if mkdir(path, folderMode) == 0 { return }
    }
    var status = stat()
    let code = errno
    guard code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw SystemError(call: "mkdir \(path)", code: code == EEXIST ? ENOTDIR : code)
    }
  }

  /// Makes a file that is not there yet.
  static func create(_ path: String) throws(SystemError) -> Int32 {
    try open(path, O_WRONLY | O_CREAT | O_EXCL)
  }

  static func openForMarking(_ path: String) throws(SystemError) -> Int32 { try open(path, O_RDWR) }

  private static func open(_ path: String, _ flags: Int32) throws(SystemError) -> Int32 {
    let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, fileMode)
    guard descriptor >= 0 else { throw SystemError(call: "open \(path)", code: errno) }
    return descriptor
  }

  /// Writes all of `bytes` at `offset`, or, when it throws, nothing.
  static func write(
    _ bytes: borrowing ByteQueue, to descriptor: Int32, at offset: Int
  ) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written, offset + written)
      }
      if count > 0 {
        written += count
      } else if errno != EINTR {
        let code = count == 0 ? ENOSPC : errno
        ftruncate(descriptor, offset)
        throw SystemError(call: "write", code: code)
      }
    }
  }

  /// Writes one byte over another.
  static func mark(_ byte: UInt8, in descriptor: Int32, at offset: Int) throws(SystemError) {
    var byte = byte
    guard pwrite(descriptor, &byte, 1, offset) == 1 else {
      throw SystemError(call: "write", code: errno)
    }
  }

  /// The content of a regular file of at most `bytesMax` bytes.
  static func content(
    of descriptor: Int32, bytesMax: Int
  ) throws(SystemError) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError(call: "fstat", code: errno) }
    let size = Int(status.st_size)
    guard status.st_mode & S_IFMT == S_IFREG, size <= bytesMax else {
      throw SystemError(call: "read", code: EFBIG)
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { memory, initialized in
      while initialized < size {
        let room = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(memory)[initialized..<size])
        let count = pread(descriptor, room.baseAddress, room.count, initialized)
        if count > 0 {
          initialized += count
        } else if count == 0 {
          return
        } else if errno != EINTR {
          failure = errno
          return
        }
      }
    }
    guard failure == 0 else { throw SystemError(call: "read", code: failure) }
    return bytes
  }

  /// Has what was written reach the disk.
  static func synchronize(_ descriptor: Int32) throws(SystemError) {
    guard fdatasync(descriptor) == 0 else { throw SystemError(call: "fdatasync", code: errno) }
  }

  /// The size of a file, and when it was last written; nil when there is none.
  static func state(_ path: String) -> (bytes: Int, unixSeconds: Int)? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return (Int(status.st_size), status.st_mtim.tv_sec)
  }

  /// The names in a folder, in order; none when it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
