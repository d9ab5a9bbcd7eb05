import Bytes
import Glibc
import HTTP1

/// The `date` field (RFC 9110 §6.6.1), formatted once a second.
struct DateField: ~Copyable {
  private var second = 0
  private var line = ByteQueue(capacity: 64)

  mutating func append(to output: inout ByteQueue) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    if time.tv_sec != second {
      second = time.tv_sec
      line.removeAll()
      line.append("date: " as StaticString)
      HTTPDate.append(unixSeconds: Int64(time.tv_sec), to: &line)
      line.append("\r\n" as StaticString)
    }
    output.append(line)
  }
}
