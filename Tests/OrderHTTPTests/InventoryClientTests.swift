import HTTPClient
import HTTPServer
import HTTPTypes
import InMemoryTracing
import InventoryAPI
import OrderCore
import OrderHTTP
import Sockets
import Testing
import TestSupport
import Tracing

@Suite(.timeLimit(.minutes(1))) struct InventoryClientTests {
  private func client(
    _ url: HTTPURL, breaker: InventoryGuard = InventoryGuard()
  ) throws -> InventoryClient {
    InventoryClient(
      client: InstrumentedClient(HTTPClient(homeLoop: try EventLoop(name: "client"))),
      baseURL: url, breaker: breaker)
  }

  private func reserve(
    _ client: InventoryClient, within time: Duration = .seconds(30)
  ) async -> ReservationOutcome {
    await client.reserve(productID: 2, key: "key-1", deadline: .now + time)
  }

  /// An outcome without the words that explain it.
  private func kind(_ outcome: ReservationOutcome) -> String {
    switch outcome {
    case .reserved(let name): "reserved \(name)"
    case .refused(let reason): "refused \(reason)"
    case .unreached: "unreached"
    case .unknown: "unknown"
    }
  }

  /// What the inventory answers, what that means, and how often it is asked.
  @Test(arguments: [
    ([(200, InventoryStandIn.reduced())], "reserved Tablet", 1),
    ([(400, #"{"detail":"Product unavailable"}"#)], "refused Product unavailable", 1),
    ([(400, #"{"detail":"Product not found"}"#)], "refused Product not found", 1),
    // Not the inventory's own words: a proxy's, or those of a port that speaks TLS.
    ([(400, "oops")], "unknown", 1), ([(400, "{}")], "unknown", 1),
    ([(400, #"{"detail":"Bad Request"}"#)], "unknown", 1),
    ([(200, "oops")], "unknown", 1), ([(200, InventoryStandIn.reduced(3))], "unknown", 1),
    ([(204, "")], "unknown", 1), ([(404, "{}")], "unknown", 1), ([(422, "{}")], "unknown", 1),
    ([(500, "")], "unknown", 3), ([(503, "{}")], "unknown", 3),
    ([(500, ""), (200, InventoryStandIn.reduced())], "reserved Tablet", 2),
    ([(503, ""), (502, ""), (400, #"{"detail":"Product not found"}"#)], "refused Product not found", 3),
  ] as [([(Int, String)], String, Int)])
  func understandsAnswers(
    _ answers: [(Int, String)], _ outcome: String, _ callCount: Int
  ) async throws {
    let inventory = try await InventoryStandIn(answers.map { (status: $0.0, body: $0.1) })
    #expect(kind(await reserve(try client(inventory.server.url))) == outcome)
    #expect(inventory.calls.count == callCount)
    for call in inventory.calls {
      #expect(call.target == "/reduce-stock?product_id=2")
      #expect(call.key == "key-1", "every try with the same key")
    }
    await inventory.server.stop()
  }

  @Test func saysHowLongItWaits() async throws {
    let inventory = try await InventoryStandIn([(500, "")])
    _ = await reserve(try client(inventory.server.url), within: .seconds(20))
    let budgets = inventory.calls.compactMap(\.budget)
    #expect(budgets.count == 3)
    #expect(budgets[0] <= 20_000 && budgets[2] > 0)
    // Between two tries lie at least half of 50, and of 100, milliseconds.
    #expect(budgets[1] <= budgets[0] - 25)
    #expect(budgets[2] <= budgets[1] - 50)
    await inventory.server.stop()
  }

  @Test func triesAgainOnlyWhileThereIsTime() async throws {
    let inventory = try await InventoryStandIn { _ in
      try await Task.sleep(for: .milliseconds(1))
      return ServerResponse(status: .badGateway)
    }
    let outcome = await reserve(try client(inventory.server.url), within: .milliseconds(45))
    #expect(["unknown", "unreached"].contains(kind(outcome)))
    #expect(inventory.calls.count <= 1)
    await inventory.server.stop()
  }

  @Test func doesNotAskWithoutTime() async throws {
    let inventory = try await InventoryStandIn([(200, InventoryStandIn.reduced())])
    let breaker = InventoryGuard()
    let client = try client(inventory.server.url, breaker: breaker)
    for _ in 0..<10 {
      #expect(
        await client.reserve(productID: 2, key: "k", deadline: .now)
          == .unreached(reason: "there was no time left to ask the inventory"))
    }
    #expect(inventory.calls.isEmpty)
    #expect(breaker.pause == nil, "which is not the inventory's fault")
    await inventory.server.stop()
  }

  @Test func nobodyListens() async throws {
    let inventory = try await InventoryStandIn([(200, "")])
    await inventory.server.stop()
    let client = try client(inventory.server.url)
    #expect(kind(await reserve(client)) == "unreached")
    #expect(await !client.isReachable())
    await #expect(throws: InventoryClient.Unavailable.self) {
      try await client.listProducts(deadline: .now + .seconds(30))
    }
  }

  @Test func itNeverAnswers() async throws {
    let (never, end) = AsyncStream.makeStream(of: Void.self)
    let inventory = try await InventoryStandIn { _ in
      for await _ in never {}
      return ServerResponse(status: .ok)
    }
    let outcome = await reserve(try client(inventory.server.url), within: .milliseconds(200))
    #expect(outcome == .unknown(reason: "timed out waiting for the response"))
    #expect(inventory.calls.count == 1)
    end.finish()
    await inventory.server.stop()
  }

  /// A first try that may have been heard is not forgotten because a later one was not.
  @Test func oneTryThatWasHeardIsEnough() async throws {
    let stopped = Log<InventoryStandIn>()
    let inventory = try await InventoryStandIn { _ in
      // No further connection is accepted, and this one ends with its answer.
      Task { await stopped.values.first?.server.stop() }
      return ServerResponse(status: .internalServerError)
    }
    stopped.append(inventory)
    #expect(kind(await reserve(try client(inventory.server.url))) == "unknown")
    await inventory.server.stop()
  }

  @Test func listsProducts() async throws {
    let inventory = try await InventoryStandIn([
      (200, #"[{"id":1,"name":"Laptop","stock":8}]"#), (200, "oops"), (404, "[]"), (500, ""),
      (200, "[]"),
    ])
    let client = try client(inventory.server.url)
    func list() async throws(InventoryClient.Unavailable) -> [Product] {
      try await client.listProducts(deadline: .now + .seconds(30))
    }
    #expect(try await list() == [Product(id: 1, name: "Laptop", stock: 8)])
    for _ in 0..<2 {
      let error = await #expect(throws: InventoryClient.Unavailable.self) { try await list() }
      #expect(error?.retryAfter == .seconds(1))
    }
    #expect(try await list() == [], "at the second try")
    #expect(inventory.calls.map(\.target) == Array(repeating: "/list-products", count: 5))
    #expect(await client.isReachable())
    await inventory.server.stop()
  }

  @Test func aDeadInventoryIsLeftAlone() async throws {
    let time = Log<ContinuousClock.Instant>()
    time.append(.now)
    let breaker = InventoryGuard(now: { time.values.last ?? .now })
    let inventory = try await InventoryStandIn([(500, "")])
    let client = try client(inventory.server.url, breaker: breaker)
    for _ in 0..<5 {
      #expect(client.pause == nil)
      #expect(kind(await reserve(client)) == "unknown")
    }
    #expect(inventory.calls.count == 15)
    #expect(client.pause == .seconds(1))
    #expect(
      await reserve(client) == .unreached(reason: "the inventory has not answered lately"))
    let error = await #expect(throws: InventoryClient.Unavailable.self) {
      try await client.listProducts(deadline: .now + .seconds(30))
    }
    #expect(error?.retryAfter == .seconds(1))
    #expect(inventory.calls.count == 15)

    time.append(time.values[0] + .seconds(1))
    #expect(client.pause == nil)
    #expect(kind(await reserve(client)) == "unknown")
    #expect(inventory.calls.count == 18, "one call, in three tries")
    #expect(client.pause == .seconds(2))
    await inventory.server.stop()
  }

  /// A product that is refused is an answer.
  @Test func refusalsAreNoFailures() async throws {
    let inventory = try await InventoryStandIn([(400, "{}")])
    let client = try client(inventory.server.url)
    for _ in 0..<10 { _ = await reserve(client) }
    #expect(client.pause == nil)
    #expect(inventory.calls.count == 10)
    await inventory.server.stop()
  }

  @Test func everyTryIsASpan() async throws {
    let tracer = InMemoryTracer()
    let inventory = try await InventoryStandIn([(500, ""), (200, InventoryStandIn.reduced())])
    let client = try client(inventory.server.url)
    _ = await withTracer(tracer) { await reserve(client) }
    let spans = tracer.finishedSpans.filter { $0.kind == .client }
    #expect(spans.map { $0.attributes.get("http.response.status_code") } == [500, 200])
    #expect(spans.map { $0.attributes.get("http.request.resend_count") } == [nil, 1])
    await inventory.server.stop()
  }
}
