import HTTPClient
import Testing

@Suite struct HTTPURLTests {
  @Test(arguments: [
    ("http://localhost:8010", "localhost", 8010, "/", "localhost:8010"),
    ("HTTP://Shop.Example/", "Shop.Example", 80, "/", "Shop.Example"),
    ("https://a", "a", 443, "/", "a"), ("https://a:80", "a", 80, "/", "a:80"),
    ("http://a:00080/", "a", 80, "/", "a"), ("http://a?q", "a", 80, "/?q", "a"),
    ("http://a/b?c=d#e", "a", 80, "/b?c=d", "a"), ("http://a#e", "a", 80, "/", "a"),
    ("http://[::1]:1/", "::1", 1, "/", "[::1]:1"), ("http://[2001:db8::]", "2001:db8::", 80, "/",
      "[2001:db8::]"), ("http://a_b-c.~d!$&'()*+;=%41", "a_b-c.~d!$&'()*+;=%41", 80, "/",
      "a_b-c.~d!$&'()*+;=%41"), ("http://a/b@c:d", "a", 80, "/b@c:d", "a"),
    ("http://a:65535", "a", 65_535, "/", "a:65535"),
  ] as [(String, String, UInt16, String, String)])
  func parts(
    _ text: String, _ host: String, _ port: UInt16, _ target: String, _ authority: String
  ) throws {
    let url = try #require(HTTPURL(text))
    #expect(url.host == host && url.port == port && url.target == target)
    #expect(url.authority == authority)
    #expect(url.scheme == (text.lowercased().hasPrefix("https") ? .https : .http))
    #expect(url.description == "\(url.scheme)://\(authority)\(target)")
    #expect(HTTPURL(url.description) == url)
  }

  /// Also whatever our own server, or any other, would refuse as Host.
  @Test(arguments: [
    "", "localhost", "//a", "ftp://a", "http:/a", "http://", "http:///a", "http://:80", "http://a:",
    "http://a:0", "http://a:65536", "http://a:+1", "http://a:1:2", "http://u@a", "http://u:p@a/",
    "http://a b", "http://a/ b", "http://a\n", "http://a/\u{e9}", "http://a\"b", "http://a<b>",
    "http://a,b", "http://a\\b", "http://a^b", "http://a%4", "http://a%zz", "http://[::1",
    "http://[]", "http://[a]", "http://[:]", "http://[::1]a", "http://[fe80::1%25lo]",
    "http://a[::1]",
  ])
  func everythingElseIsNone(_ text: String) {
    #expect(HTTPURL(text) == nil)
  }

  @Test(arguments: [
    ("http://a", "/p", "/p"), ("http://a/", "/p?q", "/p?q"), ("http://a/b", "/p", "/b/p"),
    ("http://a/b/", "/p", "/b/p"),
  ])
  func appending(_ base: String, _ path: String, _ target: String) throws {
    #expect(try #require(HTTPURL(base)).appending(path).target == target)
  }
}

@Suite struct HTTPURLResolutionTests {
  /// The examples of RFC 3986 §5.4, but for those that are no http URL.
  @Test(arguments: [
    ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
    ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"),
    ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q"), ("g#s", "http://a/b/c/g"),
    ("g?y#s", "http://a/b/c/g?y"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
    ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
    ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
    ("../../", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
    ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
    (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
    ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
    ("g/../h", "http://a/b/c/h"), ("g;x=1/./y", "http://a/b/c/g;x=1/y"),
    ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
    ("http://h/x/../y", "http://h/y"), ("https://h", "https://h/"), ("//h:81/./", "http://h:81/"),
    ("x?http://h", "http://a/b/c/x?http://h"),
  ])
  func references(_ reference: String, _ expected: String) throws {
    let base = try #require(HTTPURL("http://a/b/c/d;p?q"))
    #expect(base.resolving(reference)?.description == expected)
  }

  @Test(arguments: [
    "g:h", "http:g", "mailto:a", "ftp://a/", "http://", "//", "a b", "\u{e9}", "x\ry",
  ])
  func nothingToAskFor(_ reference: String) throws {
    let base = try #require(HTTPURL("https://a/b"))
    #expect(base.resolving(reference) == nil)
  }
}
