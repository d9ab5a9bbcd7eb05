import Bytes
import Glibc
import OTLP

extension ResourceDetection {
  /// `unknown_service:` and the executable's name, as the specification wants it for a program that
  /// says nothing.
  var fallbackServiceName: String {
    executablePath.map { "unknown_service:\(Self.baseName($0))" } ?? "unknown_service"
  }

  /// The executable, its owner, its start and the language's runtime.
  func process() -> [Attribute] {
    var attributes = [
      Attribute("process.pid", .int(Int64(getpid()))),
      Attribute("process.runtime.name", "swift"),
      Attribute("process.runtime.version", .string("\(_SwiftStdlibVersion.current)")),
      Attribute(
        "process.runtime.description",
        .string("Swift \(_SwiftStdlibVersion.current), \(Self.libraryVersion)")),
    ]
    if let path = executablePath {
      attributes.append(Attribute("process.executable.path", .string(path)))
      attributes.append(Attribute("process.executable.name", .string(Self.baseName(path))))
    }
    if let owner = Self.userName { attributes.append(Attribute("process.owner", .string(owner))) }
    if let start = creationTime {
      attributes.append(Attribute("process.creation.time", .string(start)))
    }
    return attributes
  }

  /// The command line. It may hold secrets, which is why it is asked for separately.
  func processArguments() -> [Attribute] {
    let arguments = (files.bytes("/proc/self/cmdline") ?? []).split(
      separator: 0, omittingEmptySubsequences: false
    ).dropLast().map { String(decoding: $0, as: UTF8.self) }
    guard let command = arguments.first else { return [] }
    return [
      Attribute("process.command", .string(command)),
      Attribute("process.command_args", .array(arguments.map { .string($0) })),
    ]
  }

  private var executablePath: String? {
    guard let path = files.target(of: "/proc/self/exe") else { return nil }
    // A file that was replaced while the program runs.
    let mark = " (deleted)"
    return path.hasSuffix(mark) ? String(path.dropLast(mark.count)) : path
  }

  /// `glibc 2.36`
  private static var libraryVersion: String {
    var text = [CChar](repeating: 0, count: 64)
    guard confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count) > 0 else { return "glibc" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The name of the effective user; nil for one that has none, as is common in containers.
  private static var userName: String? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    guard getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil,
      let name = entry.pw_name
    else { return nil }
    return String(cString: name)
  }

  /// When the kernel started the process, RFC 3339: so many ticks after the machine was booted
  /// (proc_pid_stat(5), field 22).
  private var creationTime: String? {
    let stat = String(decoding: files.bytes("/proc/self/stat") ?? [], as: UTF8.self)
    // The name in the second field, in parentheses, may hold anything.
    guard let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[end...].dropFirst().split(separator: " ")
    let ticksPerSecond = sysconf(Int32(_SC_CLK_TCK))
    guard fields.count > 19, let ticks = UInt64(fields[19]), ticksPerSecond > 0 else { return nil }
    var sinceBoot = timespec()
    guard clock_gettime(CLOCK_BOOTTIME, &sinceBoot) == 0 else { return nil }
    let uptime = UInt64(sinceBoot.tv_sec) * 1_000_000_000 + UInt64(sinceBoot.tv_nsec)
    let start = ticks.multipliedReportingOverflow(by: 1_000_000_000 / UInt64(ticksPerSecond))
    guard !start.overflow, start.partialValue <= uptime else { return nil }
    var text = ByteQueue(capacity: 32)
    var time = TimestampText()
    time.append(WallClock.unixNanoseconds() - (uptime - start.partialValue), to: &text)
    return String(decoding: text.array(), as: UTF8.self)
  }
}
