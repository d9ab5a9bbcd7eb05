import Bytes
import Glibc
import HTTP1

/// The fields that every response has: `date` (RFC 9110 §6.6.1) and `server`, formatted once a
/// second.
struct CommonFields: ~Copyable {
  private var second = 0
  private var lines = ByteQueue(capacity: 128)
  private let serverName: String?

  /// - Parameter serverName: The value of `server`; nil sends none, and neither does a text that no
  ///   field may have.
  init(serverName: String?) { self.serverName = serverName }

  mutating func append(to output: inout ByteQueue) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    if time.tv_sec != second { format(time.tv_sec) }
    output.append(lines)
  }

  private mutating func format(_ unixSeconds: Int) {
    second = unixSeconds
    lines.removeAll()
    lines.append("date: " as StaticString)
    HTTPDate.append(unixSeconds: Int64(unixSeconds), to: &lines)
    lines.append("\r\n" as StaticString)
    if let serverName { try? MessageEncoder.appendField("server", serverName, to: &lines) }
  }
}
