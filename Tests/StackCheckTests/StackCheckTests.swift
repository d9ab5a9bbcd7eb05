import HTTPClient
import RawSockets
@testable import StackCheck
import Testing
import TestSupport

/// The whole check against real servers that answer well, wrongly, late and not at all.
@Suite struct StackCheckTests {
  static let hops = [
    "stock", "order", "order list", "trace", "logs", "bucket", "metrics", "exemplar",
    "span metrics", "alert rules", "scrapes", "grafana", "source prometheus", "source loki",
    "source jaeger", "dashboards", "elasticsearch",
  ]
  /// What can only be asked about an order.
  static let ofOrder: Set<String> = [
    "order list", "trace", "logs", "bucket", "metrics", "exemplar", "span metrics",
  ]

  private func reason(_ report: CheckReport, _ hop: String) -> String {
    switch report.results.first(where: { $0.hop.name == hop })?.outcome {
    case .gap(let reason)?: reason
    case .notAsked?: "not asked"
    case .found?: "found"
    case .leftOut?: "left out"
    case nil: "no such hop"
    }
  }

  private func gaps(_ report: CheckReport) -> Set<String> { Set(report.gaps.map(\.hop.name)) }

  @Test func everyHopIsProvenWhereAllIsWell() async throws {
    let stack = try await FakeStack()
    let report = try await stack.check()
    #expect(report.results.map(\.hop.name) == Self.hops)
    #expect(gaps(report) == [] && report.isWhole, "\(report.text)")
    #expect(report.text.hasSuffix("17 of 17 hops proven, 0 with a gap, 0 left out"))

    // The order carries the trace that is looked for; so does the request that becomes an exemplar.
    let traceparent = "00-\(FixedIDs.traceID)-\(FixedIDs.spanID)-03"
    let traced = zip(stack.requests.values, stack.fields.values).filter {
      $0.1["traceparent"] == traceparent
    }.map(\.0)
    #expect(
      traced == [
        "POST /shop/order-product?username=ostack-check&product_id=2",
        "HEAD /shop/list-orders?limit=1",
      ])
    let keyed = stack.fields.values.compactMap { $0["idempotency-key"] }
    #expect(Set(keyed) == ["ostack-check-\(FixedIDs.traceID)"])
    // `ann:secret` in base64.
    #expect(stack.fields.values.contains { $0["authorization"] == "Basic YW5uOnNlY3JldA==" })
    #expect(
      stack.fields.values.contains {
        $0["authorization"]?.hasPrefix("AWS4-HMAC-SHA256 Credential=key/") == true
      })
    await stack.stop()
  }

  @Test(.timeLimit(.minutes(3)), arguments: hops)
  func aWrongAnswerIsTheGapOfItsHop(_ hop: String) async throws {
    let stack = try await FakeStack()
    let gaps = hop == "order" ? Self.ofOrder.union(["order"]) : [hop]
    for (status, body, expected) in [
      (404, "not\u{1B}[31m here", "404: not [31m here"), (500, "", "500"), (200, "{", nil),
      (200, "{}", nil), (200, "[]", nil), (200, "null", nil), (200, "", nil),
    ] {
      stack.answer(hop) { _ in (status, body) }
      let report = try await stack.check(gaps: gaps)
      #expect(self.gaps(report) == gaps, "\(status) \(body): \(report.text)")
      #expect(!report.isWhole)
      if let expected {
        #expect(reason(report, hop).hasSuffix("answered \(expected)"))
      }
      #expect(report.text.contains("\n\(hop): "))
      #expect(report.text.contains("look:  "))
    }
    await stack.stop()
  }

  static let parts: [(String, @Sendable (inout StackAddresses, HTTPURL) -> Void, Set<String>)] = [
    ("inventory", { $0.inventoryService = $1 }, ["stock"]),
    ("shop", { $0.orderService = $1 }, ofOrder.union(["order"])),
    ("jaeger", { $0.jaeger = $1 }, ["trace"]),
    ("loki", { $0.loki = $1 }, ["logs", "bucket"]),
    (
      "prometheus", { $0.prometheus = $1 },
      ["metrics", "span metrics", "exemplar", "alert rules", "scrapes"]
    ),
    (
      "grafana", { $0.grafana = $1 },
      ["grafana", "dashboards", "source prometheus", "source loki", "source jaeger"]
    ),
    ("elasticsearch", { $0.elasticsearch = $1 }, ["elasticsearch"]),
    ("bucket", { $0.bucket.url = $1 }, ["bucket"]),
  ]

  @Test(.timeLimit(.minutes(2)), arguments: parts.indices)
  func aPartThatIsAwayIsItsHopsGap(_ index: Int) async throws {
    let (_, replace, gaps) = Self.parts[index]
    let stack = try await FakeStack()
    // Bound and not listening: refused. Listening and not accepting: connected, and never answered.
    for (listener, expected) in [
      (try RawListener(backlog: nil), "cannot connect"), (try RawListener(), "timed out"),
    ] {
      var addresses = stack.addresses
      replace(&addresses, HTTPURL(scheme: .http, host: "127.0.0.1", port: listener.port))
      let report = try await stack.check(addresses, gaps: gaps)
      #expect(self.gaps(report) == gaps, "\(report.text)")
      for hop in gaps where !Self.ofOrder.contains(hop) || index != 1 {
        #expect(reason(report, hop).contains(expected), "\(hop): \(reason(report, hop))")
      }
      withExtendedLifetime(listener) {}
    }
    await stack.stop()
  }

  @Test(arguments: hops)
  func whatComesLateIsFound(_ hop: String) async throws {
    let stack = try await FakeStack()
    stack.answer(hop) { number in
      switch number {
      case 0: (503, "")
      case 1: (200, "[")
      default: (200, FakeStack.good(hop))
      }
    }
    let report = try await stack.check()
    #expect(report.isWhole, "\(report.text)")
    await stack.stop()
  }

  @Test func withoutAnOrderNothingIsSaidOfIt() async throws {
    let stack = try await FakeStack()
    stack.answer("order") { _ in (400, #"{"detail":"Product unavailable"}"#) }
    let report = try await stack.check(gaps: ["order"])
    #expect(gaps(report) == Self.ofOrder.union(["order"]))
    #expect(reason(report, "order").contains("Product unavailable"))
    for hop in Self.ofOrder { #expect(reason(report, hop) == "not asked") }
    #expect(!stack.requests.values.contains { $0.contains("/traces/") || $0.contains("/flush") })
    await stack.stop()
  }

  @Test func whatIsLeftOutIsSaidAndNotAsked() async throws {
    let stack = try await FakeStack()
    stack.answer("bucket") { _ in (500, "") }
    stack.answer("elasticsearch") { _ in (500, "") }
    let report = try await stack.check(leftOut: ["bucket", "elasticsearch"])
    #expect(report.isWhole)
    #expect(report.text.contains("bucket "))
    #expect(report.text.hasSuffix("15 of 17 hops proven, 0 with a gap, 2 left out"))
    #expect(!stack.requests.values.contains { $0.contains("/s3/") || $0.contains("/es/") })
    await stack.stop()
  }

  @Test func leavingOutEverythingProvesNothing() async throws {
    let stack = try await FakeStack()
    let report = try await stack.check(leftOut: Set(Self.hops))
    #expect(!report.isWhole && report.gaps.isEmpty)
    #expect(stack.requests.values.isEmpty)
    await stack.stop()
  }

  @Test func aBucketIsFoundOnALaterPage() async throws {
    let stack = try await FakeStack()
    stack.answer("bucket") { number in
      number == 0
        ? (200, Answers.objects(["fake/old"], modified: "2020-01-01T00:00:00Z", next: "a/b+c ="))
        : (200, Answers.objects(["fake/new"]))
    }
    let report = try await stack.check()
    #expect(report.isWhole, "\(report.text)")
    #expect(
      stack.requests.values.contains(
        "GET /s3/logs?continuation-token=a%2Fb%2Bc%20%3D&list-type=2&max-keys=1000"))
    await stack.stop()
  }

  @Test func aListWithoutEndIsLeft() async throws {
    let stack = try await FakeStack()
    stack.answer("bucket") { _ in
      (200, Answers.objects(["fake/old"], modified: "2020-01-01T00:00:00Z", next: "again"))
    }
    let report = try await stack.check(gaps: ["bucket"])
    #expect(gaps(report) == ["bucket"])
    await stack.stop()
  }
}
