import Bytes
import HTTP1
import HTTPTypes
import Testing

/// Runs streams of requests through a decoder.
enum RequestRun {
  /// What a decoder says about `pieces`, received one after the other.
  static func trace(
    _ pieces: [ArraySlice<UInt8>], limits: HTTPLimits = HTTPLimits()
  ) -> [Trace] {
    var decoder = RequestDecoder(limits: limits)
    var queue = ByteQueue(capacity: 16)
    var trace: [Trace] = []
    for piece in pieces {
      queue.append(piece)
      do throws(HTTPProtocolError) {
        try drain(&decoder, &queue, &trace)
      } catch {
        trace.append(.error(error))
        expectPoisoned(&decoder, error)
        return trace
      }
    }
    do throws(HTTPProtocolError) {
      try decoder.finish()
      trace.append(.finished(nil))
    } catch {
      trace.append(.finished(error))
    }
    return trace
  }

  /// The trace of `text`, after checking that it is the same however the bytes are cut.
  static func trace(
    _ text: String, limits: HTTPLimits = HTTPLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> [Trace] {
    trace(Array(text.utf8), limits: limits, sourceLocation: sourceLocation)
  }

  static func trace(
    _ bytes: [UInt8], limits: HTTPLimits = HTTPLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> [Trace] {
    let whole = trace([bytes[...]], limits: limits)
    expectTrailingBytesChangeNothing(bytes, limits, whole, sourceLocation)
    for cut in Cut.all(bytes) {
      let other = trace(cut, limits: limits)
      if other != whole {
        Issue.record(
          "cut \(cut.map(\.count)): \(other), whole: \(whole)", sourceLocation: sourceLocation)
        break
      }
    }
    return whole
  }

  /// What follows a complete message, or an error, does not change what was said before it.
  private static func expectTrailingBytesChangeNothing(
    _ bytes: [UInt8], _ limits: HTTPLimits, _ whole: [Trace], _ sourceLocation: SourceLocation
  ) {
    guard whole.error != nil || whole.last == .finished(nil) else { return }
    let said = whole.error == nil ? whole.dropLast() : whole[...]
    for rest in [[0x47], [0x00], Array("GET /trailing HTTP/1.1\r\nhost: t\r\n\r\n".utf8)] {
      let longer = trace([(bytes + rest)[...]], limits: limits)
      if Array(longer.prefix(said.count)) != Array(said) || whole.error != nil && longer != whole {
        Issue.record("with \(rest): \(longer), without: \(whole)", sourceLocation: sourceLocation)
      }
    }
  }

  private static func drain(
    _ decoder: inout RequestDecoder, _ queue: inout ByteQueue, _ trace: inout [Trace]
  ) throws(HTTPProtocolError) {
    while true {
      switch try decoder.next(&queue) {
      case .needMoreBytes: return
      case .head(let head): trace.append(.head(describe(head)))
      case .body(let count):
        trace.append(body: queue.array(0..<count))
        queue.consume(count)
      case .end: trace.append(.end(trailers: HTTP1Tests.describe(decoder.trailers)))
      }
    }
  }

  private static func expectPoisoned(_ decoder: inout RequestDecoder, _ error: HTTPProtocolError) {
    var queue = ByteQueue()
    queue.append("GET / HTTP/1.1\r\nhost: a\r\n\r\n" as StaticString)
    #expect(throws: error) { try decoder.next(&queue) }
    #expect(throws: error) { try decoder.finish() }
  }

  /// Everything that a head tells, in one line.
  static func describe(_ head: RequestHead) -> String {
    """
    \(head.method.rawValue) \(head.target) \(head.targetForm) path=\(head.path) \
    query=\(head.query ?? "-") authority=\(head.authority ?? "-") \(head.version) \
    \(head.framing) keepAlive=\(head.keepAlive) expects=\(head.expectsContinue) \
    \(HTTP1Tests.describe(head.fields))
    """
  }

  /// The only head in `text`, which must be a whole request.
  static func head(
    _ text: String, limits: HTTPLimits = HTTPLimits()
  ) throws -> RequestHead {
    var decoder = RequestDecoder(limits: limits)
    var queue = ByteQueue()
    queue.append(text)
    guard case .head(let head) = try decoder.next(&queue) else {
      throw HTTPProtocolError.truncatedHead
    }
    return head
  }
}
