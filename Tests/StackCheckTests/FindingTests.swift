import OTLP
@testable import StackCheck
import Testing

/// What each part may answer, and what it means.
@Suite struct FindingTests {
  private func document(_ text: String) throws -> JSONNode {
    try #require(JSONNode(parsing: Array(text.utf8)), "\(text)")
  }

  /// What was found, or the reason for which it was not.
  private func outcome(_ body: () throws(Obstacle) -> Finding) -> (isFound: Bool, text: String) {
    do throws(Obstacle) {
      switch try body() {
      case .found(let text): return (true, text)
      case .missing(let text): return (false, text)
      }
    } catch {
      return (false, error.description)
    }
  }

  private func spans(without start: String) -> [String] {
    Answers.spans.filter { !$0.hasPrefix(start) }
  }

  @Test func traces() throws {
    let good = Answers.spans
    let replaced = { (start: String, by: String) in good.map { $0.hasPrefix(start) ? by : $0 } }
    let cases: [(String, String)] = [
      (Answers.trace(), "8 spans of both services"),
      (#"{"data":[],"errors":[{"code":404}]}"#, "no trace \(Answers.traceID)"),
      (#"{"data":null}"#, "without data"),
      (Answers.trace(id: "ff"), "another trace: ff"),
      (Answers.trace(spansID: "ff"), "a span that is of another trace"),
      (Answers.trace([]), "0 spans, none of order-service or inventory-service"),
      (Answers.trace(good.filter { $0.contains("order-service") }), "none of inventory-service"),
      (Answers.trace(good.filter { $0.contains("inventory") }), "none of order-service"),
      (Answers.trace(spans(without: "d")), "the span that began 'POST /reduce-stock' is not"),
      (Answers.trace(spans(without: "a")), "the span that began 'order_product_endpoint'"),
      (Answers.trace(replaced("a", "a < 00f067aa0ba902b7, order-service, GET /x")),
        "no span 'POST /order-product' under"),
      (Answers.trace(replaced("a", "a < b, order-service, POST /order-product")),
        "no span 'POST /order-product' under"),
      (Answers.trace(replaced("e", "e < d, inventory-service, GET /list-products")),
        "no span 'POST /reduce-stock'"),
      (Answers.trace(replaced("d", "d < 00f067aa0ba902b7, order-service, POST")),
        "does not hang below"),
      (Answers.trace(replaced("e", "e < f, inventory-service, POST /reduce-stock")),
        "does not hang below"),
      (Answers.trace(replaced("g", "g < f, inventory-service, UPDATE products")),
        "no database span of inventory-service"),
      (Answers.trace(
        good.map { $0.contains("order-service") ? $0.replacing("*", with: "") : $0 }),
        "no database span of order-service"),
    ]
    for (index, (text, expected)) in cases.enumerated() {
      let (isFound, reason) = outcome { () throws(Obstacle) in
        guard let node = JSONNode(parsing: Array(text.utf8)) else { throw Obstacle("no JSON") }
        return try JaegerTrace(node, traceID: Answers.traceID).finding(root: FixedIDs.spanID)
      }
      #expect(isFound == (index == 0))
      #expect(reason.contains(expected), "\(index): \(reason)")
    }
  }

  @Test(arguments: [
    (Answers.bothLines, "2 lines of both services"),
    (Answers.lines([]), "0 lines, none of order-service or inventory-service"),
    (Answers.lines([("order-service", Answers.traceID)]), "1 lines, none of inventory-service"),
    (Answers.lines([("other", Answers.traceID)]), "1 lines, none of order-service or"),
    (
      Answers.lines([("order-service", nil), ("inventory-service", Answers.traceID)]),
      "a line that does not have the trace's id"
    ),
    (
      Answers.lines([("order-service", "ff"), ("inventory-service", Answers.traceID)]),
      "a line that does not have the trace's id"
    ),
    (
      Answers.bothLines.replacing(#""x""#, with: #""""#),
      "0 lines, none of order-service or inventory-service"
    ),
    (Answers.bothLines.replacing("streams", with: "matrix"), "no list of log lines"),
    (Answers.bothLines.replacing("success", with: "error"), "no list of log lines"),
  ])
  func logs(_ text: String, _ expected: String) throws {
    let node = try document(text)
    let (isFound, reason) = outcome { () throws(Obstacle) in
      try LokiLines(node, traceID: Answers.traceID).finding
    }
    #expect(isFound == expected.hasSuffix("of both services"))
    #expect(reason.contains(expected), "\(reason)")
  }

  private static let order = PlacedOrder(
    orderID: 7, traceID: FixedIDs().makeTraceID(), parentID: FixedIDs().makeSpanID(),
    startedAt: UInt64(Answers.now * 1e9), endedAt: UInt64(Answers.now * 1e9) + 1_000_000_000)

  /// Series as `seconds:value` from the order on, separated by a bar, and what they come to.
  private static let growthCases: [(String, String)] = [
    ("-30:5 30:6", "+1"),
    ("30:1", "+1"),  // began with the order
    ("-30:5 30:5|-30:1 20:2 30:4", "+3"),
    ("-30:5 -10:6", "no sample since the order"),
    ("-30:5 0.5:6", "no sample since the order"),  // while it was being placed
    ("-30:5 30:5", "not counted since the order"),
    ("-30:5 30:0", "not counted since the order"),
    ("30:0.5", "not counted since the order"),
    ("30:NaN", "not counted since the order"),
    ("30:many", "a sample that is no time and value"),
    ("", "no such series"),
  ]

  @Test(arguments: growthCases)
  func growth(_ text: String, _ expected: String) throws {
    let series: [[(Double, String)]] = text.split(separator: "|").map { series in
      series.split(separator: " ").map { sample in
        let parts = sample.split(separator: ":")
        return (Double(parts[0]) ?? 0, String(parts[1]))
      }
    }
    let node = try document(Answers.samples(series))
    let (isFound, reason) = outcome { () throws(Obstacle) in
      try PrometheusAnswer.growth(PrometheusAnswer.data(node), since: Self.order)
    }
    #expect(isFound == expected.hasPrefix("+"))
    #expect(reason == expected)
  }

  @Test func otherAnswersOfPrometheus() throws {
    let id = Answers.traceID
    let cases: [(String, (JSONNode) throws(Obstacle) -> Finding, Bool, String)] = [
      (Answers.exemplars([id]), Self.exemplar, true, "1 of 1 exemplars"),
      (Answers.exemplars(["a", "b"]), Self.exemplar, false, "2 exemplars, all of other traces"),
      (Answers.exemplars([]), Self.exemplar, false, "no exemplars"),
      (Answers.success("{}"), Self.exemplar, false, "no list of exemplars"),
      (#"{"status":"error","error":"bad\u001b query"}"#, Self.exemplar, false,
        "refused: bad query"),
      (Answers.success(#"{"resultType":"vector","result":[]}"#), Self.growth, false, "no range"),
      (Answers.rules(StackNames.alerts), PrometheusAnswer.rules, true, "10 alerts"),
      (Answers.rules([]), PrometheusAnswer.rules, false, "without BackendDown, Elast"),
      (Answers.rules(Array(StackNames.alerts.dropFirst())), PrometheusAnswer.rules, false,
        "without BackendDown"),
      (Answers.rules(StackNames.alerts, health: "err"), PrometheusAnswer.rules, false,
        "BackendDown: parse error"),
      (Answers.targets(StackNames.scrapeJobs), PrometheusAnswer.targets, true, "5 jobs"),
      (Answers.targets(["prometheus"]), PrometheusAnswer.targets, false, "without grafana, jaeger"),
      (Answers.targets(StackNames.scrapeJobs, down: "loki"), PrometheusAnswer.targets, false,
        "loki is down: connection refused"),
    ]
    for (text, read, expectFound, expected) in cases {
      let node = try document(text)
      let (isFound, reason) = outcome { () throws(Obstacle) in
        try read(PrometheusAnswer.data(node))
      }
      #expect(isFound == expectFound && reason.contains(expected), "\(text): \(reason)")
    }
  }

  private static func exemplar(_ data: JSONNode) throws(Obstacle) -> Finding {
    try PrometheusAnswer.exemplar(data, traceID: Answers.traceID)
  }

  private static func growth(_ data: JSONNode) throws(Obstacle) -> Finding {
    try PrometheusAnswer.growth(data, since: order)
  }

  @Test func aLineFromOutsideIsOneLineAndShort() {
    #expect(String(oneLine: "a\r\nb\u{1B}[2J\tc\u{202E}d\u{2028}e") == "a b [2J c d e")
    let long = String(oneLine: String(repeating: "x", count: 1000))
    #expect(long.count == String.quotedCharactersMax + 1 && long.hasSuffix("…"))
  }
}
