import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Baggage")
struct BaggageTests {
  @Test(
    "what is read is passed on without blanks",
    arguments: [
      ("k=v", "k=v"), ("k=v,l=w", "k=v,l=w"), (" k = v \t,\tl =\tw ", "k=v,l=w"),
      ("k=v;p;q=1", "k=v;p;q=1"), ("k = v ; p ; q = 1 , l=w", "k=v;p;q=1,l=w"), ("k=", "k="),
      ("k=a=b==", "k=a=b=="), ("k=%20%C3%A9%2C%3B%25", "k=%20%C3%A9%2C%3B%25"),
      ("k=%zz%", "k=%zz%"),
      ("!#$%&'*+-.^_`|~09AZaz=v", "!#$%&'*+-.^_`|~09AZaz=v"),
      ("k=!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~", "k=!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~"),
      // Of several members with one name the last counts, in the place of the first.
      ("k=1,l=2,k=3", "k=3,l=2"), ("K=1,k=2", "K=1,k=2"),
    ])
  func valid(field: String, text: String) {
    #expect(Baggage(parsing: field).text == text)
  }

  @Test(
    "a malformed member is left out, and the others stay",
    arguments: [
      "", " ", "k", "=v", "k k=v", "k=v w", "k=\"v\"", "k=\\", "k=\u{e9}", "\u{e9}=v", "k=\u{7f}",
      "(=v", "k=v;", "k=v;;p", "k=v;=1", "k=v;p p", "k=v;p=\"1\"", "k=v;\u{e9}", ";k=v", "k;p=v",
      "\u{301}k=v", "k=v;\u{301}p",
    ])
  func malformed(member: String) {
    #expect(Baggage(parsing: member).isEmpty)
    #expect(Baggage(parsing: "a=1,\(member),b=2").text == "a=1,b=2")
  }

  @Test("values are decoded when they are asked for; what is no UTF-8 is repaired")
  func decoding() {
    let baggage = Baggage(parsing: "user=ann%20b,e=%C3%A9,broken=%C3,odd=%zz%4,p=1;q")
    #expect(baggage["user"] == "ann b")
    #expect(baggage["e"] == "\u{e9}")
    #expect(baggage["broken"] == "\u{fffd}")
    #expect(baggage["odd"] == "%zz%4")
    #expect(baggage["p"] == "1")
    #expect(baggage["User"] == nil && baggage["q"] == nil)
    #expect(baggage.members.map(\.name) == ["user", "e", "broken", "odd", "p"])
    #expect(baggage.members.map(\.properties) == ["", "", "", "", "q"])
  }

  @Test("64 members, and one more")
  func memberLimit() {
    let members = (0..<65).map { "k\($0)=\($0)" }
    #expect(Baggage(parsing: members[..<64].joined(separator: ",")).members.count == 64)
    let cut = Baggage(parsing: members.joined(separator: ","))
    #expect(cut.text == members[..<64].joined(separator: ","))
  }

  @Test("8,192 bytes, and one more: whole members only")
  func byteLimit() {
    let first = "a=" + String(repeating: "1", count: 4_094)
    let second = "b=" + String(repeating: "2", count: 8_192 - 4_096 - 1 - 2)
    #expect("\(first),\(second)".utf8.count == 8_192)
    #expect(Baggage(parsing: "\(first),\(second)").text == "\(first),\(second)")
    #expect(Baggage(parsing: "\(first),\(second)2,c=3").text == first)
  }

  /// Whether `baggage` took a member, which it changes then.
  private func set(
    _ name: String, to value: String, properties: String = "", in baggage: inout Baggage
  ) -> Bool {
    baggage.set(name, to: value, properties: properties)
  }

  @Test("setting: encoded, last, in place of the old; removing")
  func setting() {
    var baggage = Baggage(parsing: "k=1;p,l=2")
    #expect(set("k", to: "a b,c;d\"e\\f%\u{e9}", in: &baggage))
    #expect(baggage.text == "l=2,k=a%20b%2Cc%3Bd%22e%5Cf%25%C3%A9")
    #expect(baggage["k"] == "a b,c;d\"e\\f%\u{e9}")
    #expect(set("m", to: "", properties: "p;q=1", in: &baggage))
    #expect(baggage.text.hasSuffix(",m=;p;q=1"))
    baggage.remove("k")
    baggage.remove("unknown")
    #expect(baggage.text == "l=2,m=;p;q=1")
    baggage.remove("l")
    baggage.remove("m")
    #expect(baggage.isEmpty && baggage == Baggage())
  }

  @Test(
    "setting what cannot be carried changes nothing",
    arguments: [
      ("", ""), ("a b", ""), ("a,b", ""), ("a=b", ""), ("a;b", ""), ("k", "p,q=1"), ("k", "a b"),
      (" k", ""),
    ])
  func refused(name: String, properties: String) {
    var baggage = Baggage(parsing: "l=2")
    #expect(!set(name, to: "v", properties: properties, in: &baggage))
    #expect(baggage.text == "l=2")
  }

  @Test("setting keeps the limits")
  func settingLimits() {
    var full = Baggage(parsing: (0..<64).map { "k\($0)=\($0)" }.joined(separator: ","))
    #expect(!set("new", to: "1", in: &full))
    #expect(set("k7", to: "1", in: &full) && full.members.count == 64)
    var long = Baggage()
    #expect(!set("k", to: String(repeating: "v", count: 8_191), in: &long))
    #expect(set("k", to: String(repeating: "v", count: 8_190), in: &long))
  }
}

@Suite("Baggage propagator")
struct BaggagePropagatorTests {
  private let propagator = BaggagePropagator()

  @Test("baggage goes on, with its properties")
  func passesOn() {
    let context = propagator.extracted(["baggage": "user=ann%20b, k=v;p"])
    #expect(context.baggage?["user"] == "ann b")
    #expect(propagator.injected(context) == ["baggage": "user=ann%20b,k=v;p"])
  }

  @Test("no field, or one without a valid member, changes nothing", arguments: [nil, "", "k"])
  func nothing(field: String?) {
    var start = ServiceContext.topLevel
    start.baggage = Baggage(parsing: "a=1")
    let fields = field.map { ["baggage": $0] } ?? [:]
    #expect(propagator.extracted(fields, from: start).baggage?.text == "a=1")
    #expect(propagator.injected(propagator.extracted(fields)).isEmpty)
  }

  @Test("cleared baggage is not written")
  func cleared() {
    var context = ServiceContext.topLevel
    context.baggage = Baggage(parsing: "a=1")
    context.baggage = Baggage()
    #expect(context.baggage == nil && context.isEmpty)
  }

  @Test("spans hand baggage on, those that are not recorded too", arguments: [true, false])
  func spans(isSampled: Bool) {
    let recorded = RecordedTracer(sampler: isSampled ? AlwaysOnSampler() : AlwaysOffSampler())
    let context = propagator.extracted(["baggage": "a=1"])
    let server = recorded.tracer.startSpan("s", context: context, kind: .server)
    let client = recorded.tracer.startSpan("c", context: server.context, kind: .client)
    #expect(propagator.injected(client.context) == ["baggage": "a=1"])
  }
}
