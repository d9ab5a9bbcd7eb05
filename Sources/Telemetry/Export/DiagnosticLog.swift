import Bytes
import Glibc
public import Logging

/// Where the telemetry module tells the operator about itself: single lines on standard error,
/// never through the telemetry it talks about.
public struct DiagnosticLog: Sendable {
  private let level: Logger.Level
  private let write: @Sendable (String) -> Void

  /// - Parameters:
  ///   - level: The least severe that is written.
  ///   - write: Takes one line without its end.
  public init(level: Logger.Level = .info, write: @escaping @Sendable (String) -> Void) {
    self.level = level
    self.write = write
  }

  /// To standard error.
  public init(level: Logger.Level = .info) {
    self.init(level: level, write: Self.writeToStandardError)
  }

  public func log(_ level: Logger.Level, _ message: @autoclosure () -> String) {
    guard level >= self.level else { return }
    write("telemetry: " + message())
  }

  /// Bytes of one line; what is behind is cut off. No more than a pipe takes in one piece.
  private static let lineBytesMax = 4_000

  /// Writes without waiting: a line that standard error has no room for is lost, rather than the
  /// program held up.
  @Sendable private static func writeToStandardError(_ line: String) {
    var bytes = ByteQueue(capacity: 256)
    for byte in line.utf8.prefix(lineBytesMax) { bytes.append(byte < 0x20 ? 0x20 : byte) }
    bytes.append(UInt8(ascii: "\n"))
    var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&descriptor, 1, 0) == 1, descriptor.revents & Int16(POLLOUT) != 0,
      descriptor.revents & Int16(POLLERR) == 0
    else { return }
    bytes.withUnsafeBytes { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
