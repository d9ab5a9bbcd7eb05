import Glibc
import Sockets

/// The folder of a process within the spool's, and those that dead processes left beside it:
///
///     <directory>/<service>/<start>-<process>/lock, traces/, metrics/, logs/
///
/// A process holds the lock of its folder (`flock`) for as long as it lives, however it dies. Who
/// finds a folder whose lock is free takes it over. For one thread.
struct SpoolDirectory: ~Copyable {
  /// The folder of this process.
  let own: String
  private let service: String
  private let ownLock: Int32
  private var orphans: [Orphan] = []

  private struct Orphan {
    let path: String
    let lock: Int32
  }

  private static let lockName = "lock"

  /// Makes the folder of this process.
  /// - Parameters:
  ///   - path: The spool's directory; made when it is not there.
  ///   - serviceName: Only processes of the same service take over from each other.
  /// - Throws: `SystemError` when the folder cannot be made or locked.
  init(
    _ path: String, serviceName: String, unixNanoseconds: UInt64, processID: Int32 = getpid()
  ) throws(SystemError) {
    let service = path + "/" + Self.fileName(serviceName)
    let time = String(unixNanoseconds)
    let padded = String(repeating: "0", count: max(0, 20 - time.count)) + time
    let name = "\(padded)-\(processID)"
    let own = service + "/" + name
    // Until it is locked nobody may see it: names that begin with a point are left alone.
    let hidden = service + "/." + name
    try SpoolFile.makeFolder(hidden)
    let lock = try Self.lock(hidden, flags: O_CREAT)
    guard rename(hidden, own) == 0 else {
      let code = errno
      Glibc.close(lock)
      throw SystemError(call: "rename \(hidden)", code: code)
    }
    self.service = service
    self.own = own
    ownLock = lock
  }

  /// As much of a name as every file system takes.
  static func fileName(_ name: String) -> String {
    let bytes = name.utf8.prefix(100).map { byte in
      let isLetter = (0x61...0x7A).contains(byte | 0x20)
      return isLetter || (0x30...0x39).contains(byte) || byte == 0x2D ? byte : 0x5F
    }
    return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
  }

  /// The folder in which a signal's files of this process are.
  func folder(_ signal: TelemetryConfiguration.Signal) -> String {
    own + "/" + signal.rawValue
  }

  /// Takes over folders whose process is dead, from the oldest.
  /// - Returns: Their paths.
  mutating func adopt() -> [String] {
    var adopted: [String] = []
    for name in SpoolFile.names(in: service) where !name.hasPrefix(".") {
      let path = service + "/" + name
      guard path != own, !orphans.contains(where: { $0.path == path }),
        let lock = try? Self.lock(path, flags: 0)
      else { continue }
      orphans.append(Orphan(path: path, lock: lock))
      adopted.append(path)
    }
    return adopted
  }

  /// Removes what was taken over and is empty now.
  mutating func removeEmptyOrphans() {
    orphans.removeAll { orphan in
      guard Self.removeIfEmpty(orphan.path) else { return false }
      Glibc.close(orphan.lock)
      return true
    }
  }

  /// Lets go of everything: of this process's folder too, which is removed when it is empty.
  mutating func close() {
    removeEmptyOrphans()
    for orphan in orphans { Glibc.close(orphan.lock) }
    orphans = []
    _ = Self.removeIfEmpty(own)
    Glibc.close(ownLock)
  }

  /// Removes a process's folder without files.
  private static func removeIfEmpty(_ path: String) -> Bool {
    for signal in TelemetryConfiguration.Signal.allCases { rmdir(path + "/" + signal.rawValue) }
    guard SpoolFile.names(in: path) == [lockName] else { return false }
    unlink(path + "/" + lockName)
    return rmdir(path) == 0
  }

  /// Opens and locks the lock of a folder.
  /// - Throws: `SystemError` when there is none, or somebody has it.
  private static func lock(_ folder: String, flags: Int32) throws(SystemError) -> Int32 {
    let path = folder + "/" + lockName
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0o600)
    guard descriptor >= 0 else { throw SystemError(call: "open \(path)", code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      Glibc.close(descriptor)
      throw SystemError(call: "flock \(path)", code: code)
    }
    return descriptor
  }
}
