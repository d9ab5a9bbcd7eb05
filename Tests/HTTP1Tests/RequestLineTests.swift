import HTTP1
import HTTPTypes
import Testing

@Suite struct RequestLineTests {
  struct Accepted: Sendable, CustomTestStringConvertible {
    let line: String
    let expected: String
    var testDescription: String { line }

    init(_ line: String, _ expected: String) {
      self.line = line
      self.expected = expected
    }
  }

  @Test(arguments: [
    Accepted("GET / HTTP/1.1", "origin path=/ query=- authority=h"),
    Accepted("GET /a/b?c=d HTTP/1.1", "origin path=/a/b query=c=d authority=h"),
    Accepted("GET /? HTTP/1.1", "origin path=/ query= authority=h"),
    Accepted("GET /a?b?c HTTP/1.1", "origin path=/a query=b?c authority=h"),
    Accepted("GET //x HTTP/1.1", "origin path=//x query=- authority=h"),
    Accepted("GET /%41%zz#f HTTP/1.1", "origin path=/%41%zz#f query=- authority=h"),
    Accepted("GET http://x.y/p?q HTTP/1.1", "absolute path=/p query=q authority=x.y"),
    Accepted("GET HTTPS://x:8/ HTTP/1.1", "absolute path=/ query=- authority=x:8"),
    Accepted("GET http://x HTTP/1.1", "absolute path=/ query=- authority=x"),
    Accepted("GET http://x?q HTTP/1.1", "absolute path=/ query=q authority=x"),
    Accepted("GET http://[::1]:80/p HTTP/1.1", "absolute path=/p query=- authority=[::1]:80"),
    Accepted("OPTIONS * HTTP/1.1", "asterisk path=* query=- authority=h"),
    Accepted("OPTIONS /x HTTP/1.1", "origin path=/x query=- authority=h"),
    Accepted("CONNECT x.y:443 HTTP/1.1", "authority path= query=- authority=x.y:443"),
    Accepted("CONNECT [::1]:443 HTTP/1.1", "authority path= query=- authority=[::1]:443"),
    Accepted("M!#$%&'*+-.^_`|~9 / HTTP/1.1", "origin path=/ query=- authority=h"),
  ])
  func isRead(_ row: Accepted) {
    let trace = RequestRun.trace(row.line + "\r\nhost: h\r\n\r\n")
    let target = row.line.split(separator: " ")[1]
    let method = row.line.split(separator: " ")[0]
    #expect(trace.first.map { "\($0)" }?.hasPrefix("head(\(method) \(target) \(row.expected)")
      == true, "\(trace)")
  }

  @Test(arguments: [
    "GET / HTTP/1.1 ", "GET  / HTTP/1.1", " GET / HTTP/1.1", "GET /  HTTP/1.1", "GET\t/ HTTP/1.1",
    "GET /\tHTTP/1.1", "GET /", "GET / ", "GET", "GET ", "G(T / HTTP/1.1", "GÉT / HTTP/1.1",
    "GET / http/1.1", "GET / HTTP/1", "GET / HTTP/11", "GET / HTTP/1.10", "GET / HTTP/1,1",
    "GET / HTTP/a.1", "GET / HTTP/1.a", "GET / HTTP 1.1", "GET / XTTP/1.1", "GET  HTTP/1.1",
    "GET / x HTTP/1.1", "\u{16}\u{3}\u{1}", "GET: / HTTP/1.1", "GET / HTTP/1.1\t",
  ])
  func badLine(_ line: String) {
    let error = RequestRun.trace(line + "\r\nhost: h\r\n\r\n").error
    #expect(error == .badRequestLine || (error == .badTarget && line.contains("\t")), "\(line)")
  }

  @Test(arguments: [
    "GET x HTTP/1.1", "GET * HTTP/1.1", "POST * HTTP/1.1", "GET x:80 HTTP/1.1",
    "GET ftp://x/ HTTP/1.1", "GET http:/x HTTP/1.1", "GET http:// HTTP/1.1",
    "GET http:///p HTTP/1.1", "GET http://u@x/ HTTP/1.1", "GET http://?q HTTP/1.1",
    "GET http?://x HTTP/1.1", "GET http://x:y/ HTTP/1.1", "GET http://x:65536/ HTTP/1.1",
    "GET http://[::1/ HTTP/1.1", "CONNECT / HTTP/1.1", "CONNECT x HTTP/1.1",
    "CONNECT x: HTTP/1.1", "CONNECT x:0 HTTP/1.1", "CONNECT x:65536 HTTP/1.1",
    "CONNECT http://x:80/ HTTP/1.1", "OPTIONS ** HTTP/1.1", "GET /é HTTP/1.1",
    "GET /\u{0} HTTP/1.1", "GET /\u{7F} HTTP/1.1", "GET /\u{1F} HTTP/1.1", "GET ?a HTTP/1.1",
  ])
  func badTarget(_ line: String) {
    #expect(RequestRun.trace(line + "\r\nhost: h\r\n\r\n").error == .badTarget)
    #expect(HTTPProtocolError.badTarget.status == .badRequest)
  }

  @Test(arguments: ["HTTP/2.0", "HTTP/0.9", "HTTP/3.1", "HTTP/9.9"])
  func otherMajorVersion(_ version: String) {
    #expect(RequestRun.trace("GET / \(version)\r\n\r\n").error == .unsupportedVersion)
    #expect(HTTPProtocolError.unsupportedVersion.status == .httpVersionNotSupported)
  }

  @Test func prefaceOfHTTP2IsAVersionWeDoNotHave() {
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    #expect(RequestRun.trace(preface).error == .unsupportedVersion)
  }

  @Test(arguments: [("1.0", HTTPVersion.http10), ("1.1", .http11), ("1.2", .http11)])
  func minorVersion(text: String, expected: HTTPVersion) throws {
    let head = try RequestRun.head("GET / HTTP/\(text)\r\nhost: h\r\n\r\n")
    #expect(head.version == expected)
    #expect(head.version.major == 1)
    #expect(head.version.minor == (expected == .http10 ? 0 : 1))
  }

  @Test(arguments: [
    "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "PURGE",
    "PROPFIND", "GETT", "PAST", "DELETA",
  ])
  func method(_ name: String) throws {
    let head = try RequestRun.head("\(name) / HTTP/1.1\r\nhost: h\r\n\r\n")
    #expect(head.method.rawValue == name)
    #expect(head.withMethodBytes { $0.count } == name.utf8.count)
  }

  @Test func theSeveralFormsOfOneValueAgree() throws {
    let head = try RequestRun.head("POST /a%20b?x=1 HTTP/1.1\r\nHost: e.x:1\r\nA: b\r\n\r\n")
    func text(_ bytes: Span<UInt8>) -> String {
      bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
    #expect(head.withPathBytes(text) == head.path)
    #expect(head.withQueryBytes(text) == head.query)
    #expect(head.withTargetBytes(text) == head.target)
    #expect(head.withMethodBytes(text) == head.method.rawValue)
    #expect(head.withAuthorityBytes(text) == head.authority)
    let request = head.httpRequest(scheme: "http")
    #expect(request.method == .post)
    #expect(request.path == "/a%20b?x=1")
    #expect(request.authority == "e.x:1")
    #expect(request.scheme == "http")
    #expect(request.headerFields[HTTPField.Name("a") ?? .accept] == "b")
    #expect(request.headerFields.count == 1)
  }
}
