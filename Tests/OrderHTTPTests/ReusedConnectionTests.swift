import HTTPClient
import OrderCore
import OrderHTTP
import RawSockets
import Sockets
import Testing

@Suite(.timeLimit(.minutes(1))) struct ReusedConnectionTests {
  private static let answer = #"{"message":"Stock reduced","product":{"id":2,"name":"Tablet","stock":3}}"#

  /// Sent whole on a connection that was used before, to a server that dies before it answers: it
  /// may have been heard, whatever a second try meets. Nobody may withdraw the order then.
  @Test func aRequestOnAReusedConnectionMayHaveBeenHeard() async throws {
    let (port, server) = try serveOnce()
    let client = InventoryClient(
      client: InstrumentedClient(HTTPClient(homeLoop: try EventLoop(name: "client"))),
      baseURL: HTTPURL(scheme: .http, host: "127.0.0.1", port: port), breaker: InventoryGuard())
    func reserve() async -> ReservationOutcome {
      await client.reserve(productID: 2, key: "k", deadline: .now + .seconds(30))
    }
    #expect(await reserve() == .reserved(productName: "Tablet"))
    guard case .unknown = await reserve() else {
      Issue.record("the order would be withdrawn")
      return
    }
    #expect(try await server.value == 2, "both requests came")
  }

  /// A server that answers one request, reads another, and is gone.
  private func serveOnce() throws -> (port: UInt16, work: Task<Int, any Error>) {
    let (listeners, box) = AsyncStream.makeStream(of: RawListener.self)
    let listener = try RawListener()
    box.yield(listener)
    box.finish()
    let port = listener.port
    let work = Task {
      try await onThread {
        // The only one who holds it now: with the connection it goes.
        var listener: RawListener?
        for await given in listeners { listener = given }
        let socket = try #require(try listener?.accept())
        var count = 0
        for isAnswered in [true, false] {
          guard try !socket.receive().isEmpty else { break }
          count += 1
          guard isAnswered else { break }
          let length = Self.answer.utf8.count
          try socket.send("HTTP/1.1 200 OK\r\ncontent-length: \(length)\r\n\r\n\(Self.answer)")
        }
        listener = nil
        return count
      }
    }
    return (port, work)
  }
}
