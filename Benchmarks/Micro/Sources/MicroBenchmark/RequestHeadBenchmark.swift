import Bytes
import HTTP1

/// Parsing a request's head from bytes that are there.
enum RequestHeadBenchmark {
  /// What a browser's script sends, shortened: 180 bytes, 6 fields.
  private static let request =
    "GET /list-orders?limit=100&after=2000 HTTP/1.1\r\nHost: localhost:8000\r\n"
    + "User-Agent: Mozilla/5.0\r\nAccept: application/json\r\nAccept-Encoding: gzip\r\n"
    + "Accept-Language: en\r\nConnection: keep-alive\r\n\r\n"

  static func make() -> Benchmark {
    let bytes = Array(request.utf8)
    return Benchmark(name: "request head of \(bytes.count) bytes, parsed") { count in
      var decoder = RequestDecoder(limits: HTTPLimits())
      var queue = ByteQueue(capacity: 1_024)
      for _ in 0..<count {
        queue.append(bytes)
        guard case .head(let head) = try? decoder.next(&queue),
          case .end = try? decoder.next(&queue)
        else { preconditionFailure("the decoder refused a good request") }
        consume(head.keepAlive)
      }
    }
  }
}
