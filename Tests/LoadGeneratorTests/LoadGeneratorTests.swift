import HTTPClient
@testable import LoadGenerator
import OTLP
import Synchronization
import Telemetry
import Testing
import TestSupport

/// The generator against a real server.
@Suite struct LoadGeneratorTests {
  @Test func everyArrivalIsSentOnceAndTraced() async throws {
    let shop = try await FakeShop()
    var plan = shop.plan
    plan.rate = 300
    plan.duration = .seconds(1)
    plan.seed = 3
    plan.drain = .seconds(60)
    let report = try await shop.run(plan)
    var source = LoadSource(plan)
    var expected: [LoadEndpoint: UInt64] = [:]
    while let arrival = source.next() { expected[arrival.endpoint, default: 0] += 1 }
    #expect(expected.count == LoadEndpoint.allCases.count)
    #expect(report.endpoints.mapValues(\.sent) == expected)
    #expect(report.endpoints.mapValues(\.ok) == expected)
    #expect(report.unsent == 0 && report.isGood && !report.wasStopped)

    let seen = shop.current
    #expect(seen.requests.count == Int(report.total.sent))
    #expect(seen.requests.count { $0.hasPrefix("GET /shop/list-orders?limit=20") }
      == Int(expected[.listOrders, default: 0]))
    #expect(seen.requests.count { $0 == "GET /inventory/list-products" }
      == Int(expected[.stock, default: 0]))
    #expect(seen.sold == Int(expected[.order, default: 0]))
    let contexts = seen.traces.compactMap(TraceParent.parse)
    #expect(contexts.count == seen.traces.count && contexts.allSatisfy(\.isSampled))
    #expect(Set(contexts.map(\.traceID)).count == contexts.count)
    await shop.stop()
  }

  /// A server that stops for a second is seen by all who would have come in that second, not only
  /// by the one who was there.
  @Test func aPauseOfTheServerIsSeenByAllWhoWouldHaveCome() async throws {
    let shop = try await FakeShop { number in
      if number == 20 { try await Task.sleep(for: .seconds(1)) }
      return nil
    }
    var plan = shop.plan
    plan.rate = 200
    plan.arrivals = .constant
    plan.duration = .milliseconds(1500)
    plan.connections = 1
    plan.mix = try #require(LoadMix("stock=1"))
    plan.drain = .seconds(60)
    let report = try await shop.run(plan)
    let total = report.total
    #expect(total.sent == 300 && report.unsent == 0)
    // 200 were due in that second, and those of its first 700 ms waited for 300 ms or more.
    #expect(total.response.count(above: 300_000) >= 130)
    #expect(total.response.quantile(0.9) > 300_000)
    // The server itself was slow once.
    #expect(total.service.maximum >= 990_000)
    #expect(total.service.count(above: 300_000) < 30)
    await shop.stop()
  }

  @Test func noMoreThanToldAreUnderWay() async throws {
    let shop = try await FakeShop { _ in
      try await Task.sleep(for: .milliseconds(30))
      return nil
    }
    var plan = shop.plan
    plan.rate = 400
    plan.duration = .milliseconds(500)
    plan.connections = 3
    plan.arrivals = .constant
    plan.drain = .seconds(60)
    let report = try await shop.run(plan)
    #expect(report.total.sent == 200)
    #expect(shop.current.inFlightMax == 3)
    await shop.stop()
  }

  @Test func whatCannotBeSentIsSaid() async throws {
    let shop = try await FakeShop { _ in
      try await Task.sleep(for: .seconds(60))
      return nil
    }
    var plan = shop.plan
    plan.rate = 100
    plan.duration = .milliseconds(500)
    plan.connections = 2
    plan.arrivals = .constant
    plan.timeout = .seconds(1)
    plan.drain = .zero
    let report = try await shop.run(plan)
    #expect(report.total.answers == ["timeout": 2])
    #expect(report.total.failed == 2 && report.unsent == 48 && !report.isGood)
    #expect(report.text.contains("48 not sent"))
    await shop.stop()
  }

  @Test func failuresAreCountedByWhatWasAnswered() async throws {
    let shop = try await FakeShop { $0.isMultiple(of: 10) ? 503 : nil }
    var plan = shop.plan
    plan.rate = 200
    plan.arrivals = .constant
    plan.duration = .milliseconds(500)
    plan.mix = try #require(LoadMix("list-orders=1"))
    plan.drain = .seconds(60)
    var report = try await shop.run(plan)
    #expect(report.total.answers == ["200": 90, "503": 10])
    #expect(report.total.failed == 10 && !report.isGood)
    plan.failuresMax = 0.1
    report = try await shop.run(plan)
    #expect(report.isGood)
    await shop.stop()
  }

  @Test func aShopDoesNotSellOut() async throws {
    let shop = try await FakeShop(stock: [1: 0, 2: 25])
    var plan = shop.plan
    plan.rate = 400
    plan.duration = .seconds(1)
    plan.mix = try #require(LoadMix("order=1"))
    plan.arrivals = .constant
    plan.drain = .seconds(60)
    let report = try await shop.run(plan)
    #expect(report.restocks >= 2)
    #expect(report.total.sent == 400 && report.total.failed == 0)
    #expect(report.total.ok == UInt64(shop.current.sold))
    // Both products were sold; most orders found one.
    #expect(report.total.ok > 200)
    await shop.stop()
  }

  @Test func aLoadWithoutEndEndsWhenItIsTold() async throws {
    let generator = Mutex<LoadGenerator?>(nil)
    let shop = try await FakeShop { number in
      if number == 30 { generator.withLock { $0?.stop() } }
      return nil
    }
    var plan = shop.plan
    plan.rate = 200
    plan.duration = nil
    let report = try await shop.run(plan, started: { made in generator.withLock { $0 = made } })
    #expect(report.wasStopped && report.unsent == 0 && report.isGood)
    #expect(report.total.sent >= 31)
    generator.withLock { $0 = nil }
    await shop.stop()
  }

  @Test func everySecondIsTold() async throws {
    let shop = try await FakeShop()
    var plan = shop.plan
    plan.rate = 100
    plan.arrivals = .constant
    plan.duration = .milliseconds(2200)
    plan.drain = .seconds(60)
    let log = Log<LoadProgress>()
    let report = try await shop.run(plan, onSecond: { log.append($0) })
    let told = log.values
    #expect(told.count >= 2)
    #expect(told.map(\.seconds) == Array(1...told.count))
    let sent = told.map(\.sent).reduce(0, +)
    #expect(sent > 0 && sent <= report.total.sent)
    #expect(told.allSatisfy { $0.failed == 0 && $0.p99 >= $0.median })
    #expect(told[0].text.contains("1 s") && told[0].text.contains("in flight"))
    await shop.stop()
  }

  @Test func aLoadNeedsAnInventory() async throws {
    let nobody = HTTPURL(scheme: .http, host: "127.0.0.1", port: 9)
    let shop = try await FakeShop(stock: [:])
    var plan = shop.plan
    await #expect(throws: LoadError.self) { try await shop.run(plan) }  // it has no products
    plan.inventoryService = nobody
    await #expect(throws: LoadError.self) { try await shop.run(plan) }
    await shop.stop()
  }

  @Test func aRequestThatGetsNoAnswerHasAReason() async throws {
    let shop = try await FakeShop()
    var plan = shop.plan
    plan.orderService = HTTPURL(scheme: .http, host: "127.0.0.1", port: 9)
    plan.rate = 50
    plan.duration = .milliseconds(200)
    plan.arrivals = .constant
    plan.mix = try #require(LoadMix("order=1"))
    let report = try await shop.run(plan)
    #expect(report.total.answers == ["connection_error": 10] && !report.isGood)
    await shop.stop()
  }

  @Test func theReportReadsTheSameToProgramsAndPeople() async throws {
    let shop = try await FakeShop()
    var plan = shop.plan
    plan.rate = 100
    plan.duration = .milliseconds(300)
    plan.seed = 18_446_744_073_709_551_615
    plan.arrivals = .constant
    plan.drain = .seconds(60)
    let report = try await shop.run(plan)
    let json = try #require(JSONNode(parsing: report.json))
    #expect(json["seed"] == .number("18446744073709551615"))
    #expect(json["arrivals"].string == "constant" && json["stopped"] == .bool(false))
    let all = json["endpoints"]["all"]
    #expect(all["sent"].integer == 30 && all["ok"].integer == 30)
    for kind in ["response_ms", "service_ms"] {
      for name in ["mean", "p50", "p90", "p99", "p99.9", "max"] {
        guard case .number = all[kind][name] else {
          Issue.record("no \(kind) \(name)")
          continue
        }
      }
    }
    guard case .object(let members) = json["endpoints"] else {
      Issue.record("no endpoints")
      return
    }
    #expect(Set(members.keys) == Set(report.endpoints.keys.map(\.rawValue) + ["all"]))
    for name in members.keys { #expect(report.text.contains("\n\(name) ")) }
    #expect(report.text.contains("asked for 100.0/s (constant, seed 18446744073709551615)"))
    await shop.stop()
  }
}
