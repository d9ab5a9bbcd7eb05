import Bytes
import Sockets
import TLS

/// A client's and a server's engine, back to back in memory.
final class EnginePair {
  var client: TLSEngine
  var server: TLSEngine
  private(set) var clientError: TLSError?
  private(set) var serverError: TLSError?
  /// Bytes moved from the client to the server, and back, so far.
  private(set) var sentBytes = (client: 0, server: 0)
  /// Where delivery stops once in each direction; the rest comes after the receiver had its turn.
  var split = (client: Int.max, server: Int.max)
  /// Bytes delivered at a time.
  var chunkBytes = Int.max

  init(
    client: TLSClientContext, server: TLSServerContext, host: String = "localhost",
    port: UInt16 = 443
  ) throws {
    self.client = try TLSEngine(client: client, host: host, port: port)
    self.server = try TLSEngine(server: server)
  }

  var clientInfo: TLSConnectionInfo? { client.info }
  var serverInfo: TLSConnectionInfo? { server.info }
  var clientIsComplete: Bool { client.isHandshakeComplete }
  /// Why the handshake failed, for messages.
  var reason: String { "\(String(describing: clientError)), \(String(describing: serverError))" }

  /// Makes the handshake as far as it goes.
  /// - Returns: Whether both ends completed it.
  @discardableResult
  func handshake() -> Bool {
    var isMoving = true
    while isMoving {
      let before = sentBytes
      if clientError == nil {
        do throws(TLSError) { _ = try client.handshake() } catch { clientError = error }
      }
      moveToServer()
      if serverError == nil {
        do throws(TLSError) { _ = try server.handshake() } catch { serverError = error }
      }
      moveToClient()
      isMoving = sentBytes != before
    }
    return client.isHandshakeComplete && server.isHandshakeComplete
      && clientError == nil && serverError == nil
  }

  func moveToServer() {
    let room = room(sentBytes.client, split.client)
    Self.move(&client, &server, &sentBytes.client, room)
  }

  func moveToClient() {
    let room = room(sentBytes.server, split.server)
    Self.move(&server, &client, &sentBytes.server, room)
  }

  private func room(_ sent: Int, _ split: Int) -> Int {
    min(chunkBytes, sent < split ? split - sent : .max)
  }

  private static func move(
    _ from: inout TLSEngine, _ to: inout TLSEngine, _ sent: inout Int, _ byteCountMax: Int
  ) {
    let count = min(from.outbound.count, byteCountMax)
    to.inbound.append(from.outbound.array(0..<count))
    from.outbound.consume(count)
    sent += count
  }
}

extension TLSEngine {
  /// Everything that can be read now.
  mutating func readAll() throws(TLSError) -> (bytes: [UInt8], last: ReceiveOutcome) {
    var queue = ByteQueue()
    while true {
      let outcome = try read(into: &queue, atMost: 5_000)
      guard case .received = outcome else { return (queue.array(), outcome) }
    }
  }

  /// Encrypts all of `bytes` into `outbound`, and returns what that holds.
  mutating func seal(_ bytes: [UInt8]) throws(TLSError) -> [UInt8] {
    var queue = ByteQueue()
    queue.append(bytes)
    var sealed = ByteQueue()
    repeat {
      try write(&queue)
      sealed.append(outbound)
      outbound.removeAll()
    } while !queue.isEmpty
    return sealed.array()
  }

  mutating func deliver(_ bytes: some Sequence<UInt8>) { inbound.append(Array(bytes)) }
}
