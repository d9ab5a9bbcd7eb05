import Bytes
import HTTP1
import HTTPTypes
import Testing

/// Runs streams of responses through a decoder, as `RequestRun` does for requests.
enum ResponseRun {
  /// What a decoder says about `pieces`, received one after the other, when these requests were
  /// sent before.
  static func trace(
    _ pieces: [ArraySlice<UInt8>], to methods: [HTTPRequest.Method],
    limits: HTTPLimits = HTTPLimits()
  ) -> [Trace] {
    var decoder = ResponseDecoder(limits: limits)
    var queue = ByteQueue(capacity: 16)
    var waiting = methods[...]
    var trace: [Trace] = []
    if let first = waiting.popFirst() { decoder.begin(first) }
    for piece in pieces {
      queue.append(piece)
      do throws(HTTPProtocolError) {
        try drain(&decoder, &queue, &waiting, &trace)
      } catch {
        trace.append(.error(error))
        expectPoisoned(&decoder, error)
        return trace
      }
    }
    do throws(HTTPProtocolError) {
      if case .end = try decoder.finish() { trace.append(.end(trailers: "")) }
      trace.append(.finished(nil))
    } catch {
      trace.append(.finished(error))
      expectPoisoned(&decoder, error)
    }
    return trace
  }

  /// The trace of `text`, after checking that it is the same however the bytes are cut.
  static func trace(
    _ text: String, to methods: [HTTPRequest.Method] = [.get], limits: HTTPLimits = HTTPLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> [Trace] {
    let bytes = Array(text.utf8)
    let whole = trace([bytes[...]], to: methods, limits: limits)
    if whole.error != nil {
      let longer = trace([(bytes + [0x48, 0x0D, 0x0A])[...]], to: methods, limits: limits)
      #expect(longer == whole, "with trailing bytes", sourceLocation: sourceLocation)
    }
    for cut in Cut.all(bytes) {
      let other = trace(cut, to: methods, limits: limits)
      if other != whole {
        Issue.record(
          "cut \(cut.map(\.count)): \(other), whole: \(whole)", sourceLocation: sourceLocation)
        break
      }
    }
    return whole
  }

  private static func drain(
    _ decoder: inout ResponseDecoder, _ queue: inout ByteQueue,
    _ waiting: inout ArraySlice<HTTPRequest.Method>, _ trace: inout [Trace]
  ) throws(HTTPProtocolError) {
    while true {
      switch try decoder.next(&queue) {
      case .needMoreBytes: return
      case .head(let head): trace.append(.head(describe(head)))
      case .body(let count):
        trace.append(body: queue.array(0..<count))
        queue.consume(count)
      case .end:
        trace.append(.end(trailers: HTTP1Tests.describe(decoder.trailers)))
        if let next = waiting.popFirst() { decoder.begin(next) }
      }
    }
  }

  private static func expectPoisoned(
    _ decoder: inout ResponseDecoder, _ error: HTTPProtocolError
  ) {
    var queue = ByteQueue()
    queue.append("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n" as StaticString)
    decoder.begin(.get)
    #expect(throws: error) { try decoder.next(&queue) }
    #expect(throws: error) { try decoder.finish() }
  }

  static func describe(_ head: ResponseHead) -> String {
    """
    \(head.status.code)\(head.isInterim ? " interim" : "") \(head.version) \(head.framing) \
    keepAlive=\(head.keepAlive) \(HTTP1Tests.describe(head.fields))
    """
  }

  /// The first head in `text`.
  static func head(
    _ text: String, to method: HTTPRequest.Method = .get, limits: HTTPLimits = HTTPLimits()
  ) throws -> ResponseHead {
    var decoder = ResponseDecoder(limits: limits)
    var queue = ByteQueue()
    decoder.begin(method)
    queue.append(text)
    guard case .head(let head) = try decoder.next(&queue) else {
      throw HTTPProtocolError.truncatedHead
    }
    return head
  }
}
