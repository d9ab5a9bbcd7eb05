import Bytes
import HTTP1
import Testing

/// RFC 9110 §12.5.3.
@Suite struct AcceptEncodingTests {
  /// The field lines' values, and whether gzip is the answer to them.
  private static let rows: [([String], Bool)] = [
    ([], false), ([""], false), (["gzip"], true), (["GZip"], true), (["x-gzip"], true),
    (["deflate"], false), (["gzip, deflate, br"], true), (["br", "gzip"], true),
    (["gzip;q=0"], false), (["gzip;q=0.0"], false), (["gzip;q=0.000"], false),
    (["gzip;q=0.001"], true), (["gzip;q=1"], true), (["gzip;q=1.000"], true),
    (["gzip ; q=0.5"], true), (["gzip; Q=0.5"], true), (["*"], true), (["*;q=0"], false),
    (["gzip;q=0, *"], false), (["gzip, *;q=0"], true), (["identity"], false),
    (["identity, gzip"], true), (["identity;q=1, gzip;q=0.5"], false),
    (["identity;q=0.5, gzip;q=0.5"], true), (["gzip;q=0.5"], true), (["identity;q=0, *"], true),
    // Malformed elements say nothing.
    (["gzip;q=2"], false), (["gzip;q=1.001"], false), (["gzip;q=0.0001"], false),
    (["gzip;q=a"], false), (["gzip;q="], false), (["gzip;level=1"], false), ([";q=1"], false),
    (["gzip;q=0.x"], false), (["gzip;q=-1"], false), (["gzipped"], false), (["gzip;q=2, *"], true),
  ]

  @Test(arguments: rows)
  func decides(_ values: [String], _ expected: Bool) throws {
    let lines = values.map { "accept-encoding: \($0)\r\n" }.joined()
    var input = ByteQueue(capacity: 256)
    input.append(Array("GET / HTTP/1.1\r\nhost: a\r\n\(lines)\r\n".utf8))
    var decoder = RequestDecoder(limits: HTTPLimits())
    guard case .head(let head) = try decoder.next(&input) else {
      Issue.record("no head")
      return
    }
    #expect(AcceptEncoding.prefersGzip(head.fields) == expected)
  }
}
