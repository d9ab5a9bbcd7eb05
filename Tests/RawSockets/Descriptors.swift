import Glibc

/// The descriptors of this process.
package enum Descriptors {
  /// All open ones. Only to be compared where nothing else runs.
  package static var count: Int { numbers().count }

  /// Sockets of this process whose own port is `port`: a count that other tests do not disturb.
  package static func count(localPort port: UInt16) -> Int {
    numbers().count { RawAddress.port(of: $0, getsockname) == port }
  }

  /// Sockets of this process whose peer has `port`.
  package static func count(peerPort port: UInt16) -> Int {
    numbers().count { RawAddress.port(of: $0, getpeername) == port }
  }

  /// Waits, bounded, until `count` gives `expected`.
  /// - Returns: The last count.
  package static func settle(_ expected: Int, _ count: () -> Int) -> Int {
    var last = count()
    var attempts = 0
    while last != expected, attempts < RawSocket.patienceSeconds * 100 {
      poll(nil, 0, 10)
      attempts += 1
      last = count()
    }
    return last
  }

  private static func numbers() -> [Int32] {
    guard let folder = opendir("/proc/self/fd") else { return [] }
    defer { closedir(folder) }
    let own = dirfd(folder)
    var numbers: [Int32] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let number = Int32(name), number != own { numbers.append(number) }
    }
    return numbers
  }
}
