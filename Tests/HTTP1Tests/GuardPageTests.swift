import Glibc
@testable import HTTP1
import Testing

/// Bytes that end where the readable memory ends: whoever looks one byte too far is stopped.
@Suite struct GuardPageTests {
  private static func atTheEdge<R>(_ bytes: [UInt8], _ body: (Span<UInt8>) throws -> R) throws -> R {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let memory = try #require(
      mmap(nil, page * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    defer { munmap(memory, page * 2) }
    mprotect(memory + page, page, PROT_NONE)
    let start = (memory + page - bytes.count).assumingMemoryBound(to: UInt8.self)
    start.update(from: bytes, count: bytes.count)
    return try body(UnsafeBufferPointer(start: start, count: bytes.count).span)
  }

  @Test func nothingLooksBehindTheBytes() throws {
    for count in 0...40 {
      let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
      try Self.atTheEdge(bytes) { span in
        let lineFeed = ByteSearch.firstLineFeed(span, in: 0..<count)
        let isValue = ByteSearch.isFieldValue(span)
        let isAuthority = Authority.isValid(span)
        let decoded = PercentEncoding.decode(span).bytes
        let parameter = QueryString.value(of: "b", in: span)
        #expect(lineFeed == nil && isValue && isAuthority == (count > 0))
        #expect(decoded == bytes && parameter == nil)
      }
    }
    for text in ["a%", "a%4", "[::1", "h:", "HTTP/1.1 20", "HTTP/1.1 200", "GET / HTTP/1.", "GET"] {
      try Self.atTheEdge(Array(text.utf8)) { span in
        _ = PercentEncoding.decode(span)
        _ = Authority.isValid(span)
        _ = try? StatusLineParser.parse(span)
        _ = try? RequestLineParser.parse(span)
        _ = try? FieldLineParser.parse(span, 0..<span.count)
      }
    }
  }
}
