import Foundation
import GRDB
import HTTPClient
import HTTPServer
import HTTPTypes
import OrderCore
import Sockets
import Storage
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1))) struct OrderListingTests {
  private struct Entry: Decodable, Equatable {
    let username: String
    let order_id: Int64
  }

  /// Writes `count` confirmed orders of `user` with ids from 1 on, every third id left out.
  private func fill(_ orders: OrderServer, _ count: Int, user: String = "user") async throws {
    let other = try DatabaseQueue(path: orders.directory.file("orders.sqlite"))
    try await other.write { db in
      try db.execute(
        sql: """
          WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT ?)
          INSERT INTO orders (order_id, username, product_id, product_name, order_date, status)
          SELECT i + i / 2 + 1, ? || i, 2, 'Tablet', '2025-01-31T12:34:56.789012', 'confirmed' FROM n
          """, arguments: [count, user])
    }
    try other.close()
  }

  private func ids(_ answer: TestServer.Answer) throws -> [Int64] {
    #expect(answer.status == 200)
    #expect(answer[.contentType] == "application/json")
    return try JSONDecoder().decode([Entry].self, from: Data(answer.body.utf8)).map(\.order_id)
  }

  private func expectedIDs(_ count: Int) -> [Int64] { (0..<Int64(count)).map { $0 + $0 / 2 + 1 } }

  /// Around the size of a page, where an answer becomes a stream.
  @Test(arguments: [0, 1, 499, 500, 501, 999, 1000, 1001, 1700])
  func listsAllOrders(_ count: Int) async throws {
    let orders = try await OrderServer()
    if count > 0 { try await fill(orders, count) }
    let answer = try await orders.get("/list-orders")
    #expect(try ids(answer) == expectedIDs(count))
    #expect((answer[.contentLength] == nil) == (count >= 500), "longer ones are streamed")
    await orders.stop()
  }

  @Test(arguments: [
    ("limit=1", 1), ("limit=499", 499), ("limit=500", 500), ("limit=501", 501),
    ("limit=1000", 1000), ("limit=10000", 1200), ("after=0", 1200), ("", 1200),
  ])
  func hasALimit(_ query: String, _ count: Int) async throws {
    let orders = try await OrderServer()
    try await fill(orders, 1200)
    let answer = try await orders.get("/list-orders?\(query)")
    #expect(try ids(answer) == Array(expectedIDs(1200).prefix(count)))
    await orders.stop()
  }

  @Test func pagesJoinToTheWhole() async throws {
    let orders = try await OrderServer()
    try await fill(orders, 1300)
    var all: [Int64] = []
    while true {
      let page = try ids(try await orders.get("/list-orders?limit=600&after=\(all.last ?? 0)"))
      if page.isEmpty { break }
      #expect(page.count == min(600, 1300 - all.count))
      all += page
    }
    #expect(all == expectedIDs(1300))
    #expect(try ids(try await orders.get("/list-orders?after=\(Int64.max)")) == [])
    await orders.stop()
  }

  @Test(arguments: [
    ("limit=0", "greater_than_equal", "limit", "1"),
    ("limit=10001", "less_than_equal", "limit", "10000"),
    ("limit=x", "int_parsing", "limit", "integer"), ("after=-1", "greater_than_equal", "after", "0"),
    ("after=9223372036854775808", "less_than_equal", "after", "9223372036854775807"),
  ])
  func refusesParameters(
    _ query: String, _ type: String, _ name: String, _ limit: String
  ) async throws {
    let orders = try await OrderServer()
    let answer = try await orders.get("/list-orders?\(query)")
    #expect(answer.status == 422)
    #expect(answer.body.hasPrefix(#"{"detail":[{"type":"\#(type)","loc":["query","\#(name)"],"#))
    #expect(answer.body.contains(limit))
    await orders.stop()
  }

  /// Orders that come in while the list is on its way are not in it, or it might never end.
  @Test func endsWhereItBegan() async throws {
    let orders = try await OrderServer { GrowingStore($0) }
    try await fill(orders, 600)
    #expect(try ids(try await orders.get("/list-orders")) == expectedIDs(600))
    #expect(try await orders.store.lastOrderID() == 901, "two came in meanwhile")
    await orders.stop()
  }

  /// Half a list is no list: the client must see that it broke.
  @Test func aStoreThatBreaksMeanwhileBreaksTheAnswer() async throws {
    let orders = try await OrderServer { BreakingStore($0) }
    try await fill(orders, 600)
    await #expect(throws: (any Error).self) { try await orders.get("/list-orders") }
    await orders.stop()
  }

  @Test func aHeadHasNoBody() async throws {
    let orders = try await OrderServer()
    try await fill(orders, 600)
    let answer = try await orders.server.send(.head, "/list-orders")
    #expect((answer.status, answer.body) == (200, ""))
    #expect(try await ids(orders.get("/list-orders?limit=1")) == [1], "the connection goes on")
    await orders.stop()
  }

  /// A client that takes nothing holds no transaction, which would keep the log from shrinking.
  @Test func aSlowClientHoldsNoTransaction() async throws {
    let orders = try await OrderServer()
    try await fill(orders, 20_000, user: String(repeating: "x", count: 900))
    let (port, path) = (orders.server.url.port, orders.directory.file("orders.sqlite"))
    let loop = try EventLoop(name: "slow")
    let isBusy = try await loop.run {
      let address = try #require(SocketAddress(numeric: "127.0.0.1", port: port))
      let stream = try await TCPStream.connect(
        to: address, on: loop, deadline: .now() + .seconds(30))
      defer { stream.close() }
      try await stream.request("GET /list-orders HTTP/1.1\r\nhost: a\r\n\r\n")
      return await onThread { Self.isLogKept(path) }
    }
    #expect(!isBusy)
    #expect(try ids(try await orders.get("/list-orders?limit=1")) == [1], "others are served")
    await orders.stop()
  }

  /// Whether the log cannot be emptied, because a reader needs it; waits for one to end.
  private static func isLogKept(_ path: String) -> Bool {
    let row = try? DatabaseQueue(path: path).writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA busy_timeout = 20000")
      return try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    return row?[0] != 0
  }
}
