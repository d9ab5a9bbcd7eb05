import Bytes
import HTTP1
import HTTPTypes
import Testing

@Suite struct TrailerTests {
  private static let head = "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n"

  @Test func theyAreReadLikeAHeadsFields() throws {
    var decoder = RequestDecoder(limits: HTTPLimits())
    var queue = ByteQueue()
    queue.append(Self.head + "1\r\nx\r\n0\r\nETag: \"a\" \r\netag:b\r\nx-y:\r\n\r\n")
    while true {
      switch try decoder.next(&queue) {
      case .head: #expect(decoder.trailers == nil)
      case .body(let count): queue.consume(count)
      case .needMoreBytes: Issue.record("all is there")
      case .end:
        let ended = decoder.trailers
        let trailers = try #require(ended)
        #expect(trailers.count == 3 && !trailers.isEmpty)
        #expect(trailers[.eTag] == "\"a\", b")
        #expect(trailers.all.map(\.name) == ["ETag", "etag", "x-y"])
        #expect(trailers.httpFields.count == 3)
        return
      }
    }
  }

  /// What has come so far of a section is not a section: nothing is told before it is complete.
  @Test func aPartOfThemIsNone() throws {
    let rest = Array("0\r\na: b\r\nc: d\r\n\r\n".utf8)
    for split in rest.indices {
      var decoder = RequestDecoder(limits: HTTPLimits())
      var queue = ByteQueue()
      queue.append(Self.head)
      _ = try decoder.next(&queue)
      queue.append(rest[..<split])
      guard case .needMoreBytes = try decoder.next(&queue) else {
        Issue.record("not all is there")
        return
      }
      #expect(decoder.trailers == nil)
    }
  }

  @Test func abandonedOnesAreNone() throws {
    var decoder = RequestDecoder(limits: HTTPLimits())
    var queue = ByteQueue()
    queue.append(Self.head + "0\r\na: b\r\nhost: x\r\n\r\n")
    _ = try decoder.next(&queue)
    #expect(throws: HTTPProtocolError.badTrailer) { try decoder.next(&queue) }
    #expect(decoder.trailers == nil)
  }

  @Test func theyAreGoneWithTheNextHead() throws {
    var decoder = RequestDecoder(limits: HTTPLimits())
    var queue = ByteQueue()
    queue.append(Self.head + "0\r\na: b\r\n\r\n" + Self.head)
    _ = try decoder.next(&queue)
    _ = try decoder.next(&queue)
    #expect(decoder.trailers?.count == 1)
    _ = try decoder.next(&queue)
    #expect(decoder.trailers == nil)
  }

  @Test func anEmptySectionThatIsCutIsNone() {
    #expect(RequestRun.trace(Self.head + "0\r\n\r\n").contains(.end(trailers: "")))
  }
}
