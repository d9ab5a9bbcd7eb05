import Glibc

/// What the files of proc(5) say of the process; nil where one cannot be read.
enum ProcessFiles {
  struct Memory: Equatable {
    let virtualBytes: Int
    let residentBytes: Int
  }

  struct Status: Equatable {
    let threadCount: Int
    let uptimeSeconds: Double
  }

  struct DiskBytes: Equatable {
    let read: Int
    let written: Int
  }

  static func memory() -> Memory? {
    read("/proc/self/statm").flatMap {
      parse(statm: $0, pageBytes: Int(sysconf(Int32(_SC_PAGESIZE))))
    }
  }

  static func status() -> Status? {
    var now = timespec()
    guard clock_gettime(CLOCK_BOOTTIME, &now) == 0 else { return nil }
    let seconds = Double(now.tv_sec) + Double(now.tv_nsec) / 1_000_000_000
    return read("/proc/self/stat").flatMap {
      parse(
        stat: $0, secondsSinceBoot: seconds, ticksPerSecond: Int(sysconf(Int32(_SC_CLK_TCK))))
    }
  }

  static func diskBytes() -> DiskBytes? { read("/proc/self/io").flatMap { parse(io: $0) } }

  /// Without the one that the directory is read through.
  static func descriptorCount() -> Int? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      // The first byte of `.` and `..`; all others are numbers.
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
    }
    return max(0, count - 1)
  }

  // MARK: Reading

  /// `size resident …`, in pages.
  static func parse(statm text: String, pageBytes: Int) -> Memory? {
    let fields = text.split(separator: " ")
    guard fields.count > 1, let size = Int(fields[0]), let resident = Int(fields[1]) else {
      return nil
    }
    return Memory(virtualBytes: size * pageBytes, residentBytes: resident * pageBytes)
  }

  /// `pid (name) state …`: the name may have blanks and parentheses, so counting begins after the
  /// last one. Field 20 is the number of threads, field 22 the start in ticks after boot.
  static func parse(stat text: String, secondsSinceBoot: Double, ticksPerSecond: Int) -> Status? {
    guard let end = text.lastIndex(of: ")"), ticksPerSecond > 0 else { return nil }
    // The first field after the name is the third.
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let threads = Int(fields[17]), let start = Double(fields[19]) else {
      return nil
    }
    return Status(
      threadCount: threads,
      uptimeSeconds: max(0, secondsSinceBoot - start / Double(ticksPerSecond)))
  }

  /// `read_bytes: n` and `write_bytes: n` on lines of their own: what went to disks, not to caches.
  static func parse(io text: String) -> DiskBytes? {
    func number(_ name: String) -> Int? {
      let line = text.split(separator: "\n").first { $0.hasPrefix(name + ": ") }
      return line.flatMap { Int($0.dropFirst(name.utf8.count + 2)) }
    }
    guard let read = number("read_bytes"), let written = number("write_bytes") else { return nil }
    return DiskBytes(read: read, written: written)
  }

  /// The first bytes of a file, which is as much as these files have.
  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = fread(&buffer, 1, buffer.count, file)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
