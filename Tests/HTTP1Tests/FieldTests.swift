import HTTP1
import HTTPTypes
import Testing

@Suite struct FieldTests {
  private static func error(_ fields: String, version: String = "1.1") -> HTTPProtocolError? {
    RequestRun.trace("GET / HTTP/\(version)\r\n\(fields)\r\n\r\n").error
  }

  @Test(arguments: [
    "a", "a b", ": v", " a: v", "\ta: v", "a : v", "a\t: v", "a(: v", "a: v\u{0}", "a: \u{1}",
    "a: v\rw", "a: \u{7F}", "é: v", "a: b\r\n c", "a: b\r\n\tc", "a: b\r\n :c", "a\u{0}: v",
    "a: 12345678\u{0}12345678", "a: 1234567\u{1F}", "a;b: v", "a: v\r\r",
  ])
  func malformedLine(_ line: String) {
    #expect(Self.error("host: h\r\n" + line) == .badField)
  }

  @Test(arguments: ["a: v\nb: w", "a: v\n", "\na: v"])
  func bareLineFeed(_ line: String) {
    #expect(Self.error("host: h\r\n" + line) == .badLineEnd)
  }

  @Test func bareLineFeedEndsNoRequestLine() {
    #expect(RequestRun.trace("GET / HTTP/1.1\nhost: h\r\n\r\n").error == .badLineEnd)
    #expect(RequestRun.trace("\nGET / HTTP/1.1\r\nhost: h\r\n\r\n").error == .badLineEnd)
    #expect(RequestRun.trace("GET / HTTP/1.1\r\nhost: h\r\n\n").error == .badLineEnd)
  }

  @Test func bareCarriageReturnEndsNoRequestLine() {
    #expect(RequestRun.trace("GET / HTTP/1.1\rhost: h\r\n\r\n").error == .badRequestLine)
    #expect(RequestRun.trace("GET / HTTP/1.1\r\r\nhost: h\r\n\r\n").error == .badRequestLine)
  }

  struct Value: Sendable {
    let raw: [UInt8]
    let expected: String
  }

  @Test(arguments: [
    Value(raw: Array("a:v".utf8), expected: "v"),
    Value(raw: Array("a:  \t v \t".utf8), expected: "v"),
    Value(raw: Array("a:".utf8), expected: ""),
    Value(raw: Array("a: \t ".utf8), expected: ""),
    Value(raw: Array("a: b\tc d:e".utf8), expected: "b\tc d:e"),
    Value(raw: Array("a: 12345678\t1234567890".utf8), expected: "12345678\t1234567890"),
    Value(raw: Array("a: gr\u{FC}n".utf8), expected: "grün"),
    Value(raw: [0x61, 0x3A, 0xFF], expected: "\u{FFFD}"),
  ])
  func value(_ row: Value) {
    let start = Array("GET / HTTP/1.1\r\nhost: h\r\n".utf8)
    let trace = RequestRun.trace(start + row.raw + Array("\r\n\r\n".utf8))
    #expect(trace.heads.first?.hasSuffix("host=h&a=\(row.expected)") == true, "\(trace)")
  }

  @Test(arguments: [
    "h", "example.org", "example.org:80", "h:", "h:0", "h:65535", "127.0.0.1", "[::1]", "[::1]:80",
    "[::ffff:1.2.3.4]", "a_b", "%41b", "a!$&'()*+;=~-", "xn--bcher-kva.example", "",
  ])
  func validHost(_ value: String) {
    #expect(Self.error("host: \(value)") == nil)
  }

  @Test(arguments: [
    "a,b", "a b", "a/b", "u@h", "h:x", "h:65536", "h:99999999999999999999", ":80", "[::1",
    "[::1]x", "[]", "[g::1]", "[1]", "a%4", "a%zz", "a?b", "a#b", "h:80:80", "h\u{E9}", "a\\b",
    "[::1]80", "<h>", "a\tb", "http://h",
  ])
  func invalidHost(_ value: String) {
    #expect(Self.error("host: \(value)") == .badHost)
  }

  @Test func hostIsThereOnce() {
    #expect(Self.error("a: b") == .badHost)
    #expect(Self.error("host: h\r\nhost: h") == .badHost)
    #expect(Self.error("host: h\r\nHOST: i") == .badHost)
    #expect(Self.error("host:\r\nhost:") == .badHost)
    #expect(Self.error("a: b", version: "1.0") == nil)
    #expect(Self.error("host: h\r\nhost: h", version: "1.0") == .badHost)
  }

  @Test func authorityOfTheTargetWins() throws {
    let head = try RequestRun.head("GET http://a/ HTTP/1.1\r\nhost: b\r\n\r\n")
    #expect(head.authority == "a")
    #expect(head.host == "a")
    let error = RequestRun.trace("GET http://a/ HTTP/1.1\r\n\r\n").error
    #expect(error == .badHost)
    #expect(RequestRun.trace("GET http://a/ HTTP/1.1\r\nhost: b c\r\n\r\n").error == .badHost)
  }

  @Test func lookup() throws {
    let name = try #require(HTTPField.Name("X-Several"))
    let head = try RequestRun.head(
      """
      GET / HTTP/1.1\r\nHost: h\r\nUser-AGENT: ostack/1\r\nx-several: a\r\n\
      X-SEVERAL: b, Gzip \r\nx-severa: no\r\nx-several2: no\r\naccept:\r\n\r\n
      """)
    #expect(head[.userAgent] == "ostack/1")
    #expect(head[name] == "a, b, Gzip")
    #expect(head.fields.first(name) == "a")
    #expect(head.fields.values(of: name) == ["a", "b, Gzip"])
    #expect(head[.accept] == "")
    #expect(head[.cookie] == nil)
    #expect(head.fields.first(.cookie) == nil)
    #expect(head.fields.values(of: .cookie) == [])
    #expect(head.fieldCount == 7)
    #expect(head.fields.contains(name, token: "gzip"))
    #expect(head.fields.contains(name, token: "a"))
    #expect(!head.fields.contains(name, token: "zip"))
    #expect(!head.fields.contains(name, token: "gzi"))
    #expect(!head.fields.contains(.cookie, token: "a"))
    #expect(head.fields.contains(.accept))
    #expect(!head.fields.contains(.cookie))
    var seen: [String] = []
    head.fields.forEach { name, value in seen.append("\(name.count):\(value.count)") }
    #expect(seen == ["4:1", "10:8", "9:1", "9:7", "8:2", "10:2", "6:0"])
  }

  struct Persistence: Sendable {
    let version: String
    let fields: String
    let expected: Bool
  }

  @Test(arguments: [
    Persistence(version: "1.1", fields: "", expected: true),
    Persistence(version: "1.1", fields: "connection: close\r\n", expected: false),
    Persistence(version: "1.1", fields: "Connection: CLOSE\r\n", expected: false),
    Persistence(version: "1.1", fields: "connection: te, Close ,x\r\n", expected: false),
    Persistence(version: "1.1", fields: "connection: te\r\nconnection: close\r\n", expected: false),
    Persistence(version: "1.1", fields: "connection: keep-alive\r\n", expected: true),
    Persistence(version: "1.1", fields: "connection: closed\r\n", expected: true),
    Persistence(version: "1.1", fields: "connection: Upgrade\r\nupgrade: h2c\r\n", expected: true),
    Persistence(version: "1.0", fields: "", expected: false),
    Persistence(version: "1.0", fields: "connection: Keep-Alive\r\n", expected: true),
    Persistence(version: "1.0", fields: "connection: keep-alive, close\r\n", expected: false),
  ])
  func keepAlive(_ row: Persistence) throws {
    let head = try RequestRun.head("GET / HTTP/\(row.version)\r\nhost: h\r\n\(row.fields)\r\n")
    #expect(head.keepAlive == row.expected)
  }

  struct Expectation: Sendable {
    let version: String
    let fields: String
    let expected: Bool
  }

  @Test(arguments: [
    Expectation(version: "1.1", fields: "expect: 100-continue\r\ncontent-length: 1\r\n", expected: true),
    Expectation(version: "1.1", fields: "Expect: 100-Continue\r\ntransfer-encoding: chunked\r\n", expected: true),
    Expectation(version: "1.1", fields: "expect: 100-continue\r\n", expected: false),
    Expectation(version: "1.1", fields: "expect: 100-continue\r\ncontent-length: 0\r\n", expected: false),
    Expectation(version: "1.0", fields: "expect: 100-continue\r\ncontent-length: 1\r\n", expected: false),
    Expectation(version: "1.1", fields: "content-length: 1\r\n", expected: false),
  ])
  func expectsContinue(_ row: Expectation) throws {
    let head = try RequestRun.head("PUT / HTTP/\(row.version)\r\nhost: h\r\n\(row.fields)\r\n")
    #expect(head.expectsContinue == row.expected)
  }

  @Test(arguments: ["200-maybe", "", "100-continue, x", "100-continue;a=b", "100-continu"])
  func otherExpectation(_ value: String) {
    #expect(Self.error("host: h\r\nexpect: \(value)") == .unknownExpectation)
    #expect(HTTPProtocolError.unknownExpectation.status == .expectationFailed)
  }
}
