import Testing

@testable import Telemetry

@Suite("tracestate")
struct TraceStateTests {
  private static func text(_ character: Character, _ count: Int) -> String {
    String(repeating: character, count: count)
  }

  @Test(
    "valid lists",
    arguments: [
      ("foo=1", "foo=1"), ("foo=1,bar=2", "foo=1,bar=2"), ("", ""), (",", ""), (" , \t,", ""),
      ("foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3"), (" foo=1 ", "foo=1"),
      ("foo=1,", "foo=1"), (",foo=1,,bar=2", "foo=1,bar=2"),
      ("0a=1", "0a=1"), ("fw529a3039@dt=FfAAAA", "fw529a3039@dt=FfAAAA"),
      ("abcdefghijklmnopqrstuvwxyz0123456789_-*/@a-z/@=1",
        "abcdefghijklmnopqrstuvwxyz0123456789_-*/@a-z/@=1"),
      ("k=a b", "k=a b"), ("k= a", "k= a"), ("k=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~",
        "k=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~"),
      // Of repeated keys the first, which is the latest, stays.
      ("foo=1,foo=1", "foo=1"), ("foo=1,bar=2,foo=3", "foo=1,bar=2"),
    ])
  func valid(field: String, kept: String) {
    #expect(TraceState.normalize(field) == kept)
  }

  @Test(
    "one malformed member spoils the list",
    arguments: [
      "foo", "foo=", "=1", "foo =1", "FOO=1", "foo.bar=1", "foo=bar=baz", "_foo=1", "-foo=1",
      "@foo=1", "foo=1,bar", "foo=a\tb", "foo=\u{e9}", "f\u{e9}=1", "foo=a\u{7f}", "foo=1;bar=2,=",
    ])
  func invalid(field: String) {
    #expect(TraceState.normalize(field) == "")
  }

  @Test("a key and a value of 256 characters, and one more")
  func lengths() {
    // The list as a whole is cut to 512 characters, and long members go first.
    #expect(TraceState.normalize("\(Self.text("k", 255))=\(Self.text("v", 256))").count == 512)
    #expect(TraceState.normalize("\(Self.text("k", 256))=\(Self.text("v", 255))").count == 512)
    #expect(TraceState.normalize("a=1,\(Self.text("k", 257))=1") == "")
    #expect(TraceState.normalize("a=1,k=\(Self.text("v", 257))") == "")
  }

  @Test("32 members, and one more")
  func members() {
    let members = (0..<32).map { "k\($0)=\($0)" }
    #expect(TraceState.normalize(members.joined(separator: ",")) == members.joined(separator: ","))
    #expect(TraceState.normalize(members.joined(separator: ",") + ",l=1") == "")
    // Empty and repeated ones do not count.
    #expect(TraceState.normalize(members.joined(separator: ",") + ",,k0=7") != "")
  }

  @Test("more than 512 characters: the last of the long members goes first, then the last ones")
  func characters() {
    let fits = "a=\(Self.text("a", 252)),b=\(Self.text("b", 255))"
    #expect(fits.count == 512 && TraceState.normalize(fits) == fits)
    #expect(TraceState.normalize("\(fits)b") == "a=\(Self.text("a", 252))")
    #expect(TraceState.normalize("z=1,\(fits)") == "z=1,a=\(Self.text("a", 252))")
    // A member of 128 characters is not long yet.
    let short = (0..<4).map { "k\($0)=\(Self.text("v", 125))" }
    #expect(TraceState.normalize(short.joined(separator: ",")) == short[..<3].joined(separator: ","))
    let long = ["l0=\(Self.text("v", 126))"] + short[1...]
    #expect(TraceState.normalize(long.joined(separator: ",")) == long[1...].joined(separator: ","))
  }
}
