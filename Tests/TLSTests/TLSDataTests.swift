import Bytes
import Sockets
import TLS
import Testing

@Suite struct TLSDataTests {
  static let versions = TLSHandshakeTests.versions

  static func connected(_ version: TLSVersion = .tls13) throws -> EnginePair {
    let pair = try EnginePair(
      client: Certificates.client(options: TLSHandshakeTests.only(version)),
      server: Certificates.server("server"))
    try #require(pair.handshake())
    #expect(try pair.client.readAll().last == .wouldBlock)
    return pair
  }

  static func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
  }

  @Test(arguments: versions, [0, 1, 100, 16_384, 16_385, 1_000_000])
  func bytesArriveInBothDirections(version: TLSVersion, count: Int) throws {
    let pair = try Self.connected(version)
    let bytes = Self.pattern(count)
    pair.server.deliver(try pair.client.seal(bytes))
    #expect(try pair.server.readAll().bytes == bytes)
    pair.client.deliver(try pair.server.seal(bytes))
    #expect(try pair.client.readAll().bytes == bytes)
  }

  @Test(arguments: versions)
  func everySplitOfARecordGivesTheSameBytes(version: TLSVersion) throws {
    let pair = try Self.connected(version)
    let bytes = Self.pattern(200)
    let recordBytes = try pair.client.seal(bytes)
    pair.server.deliver(recordBytes)
    _ = try pair.server.readAll()
    for split in 0...recordBytes.count {
      let record = try pair.client.seal(bytes)
      pair.server.deliver(record[..<split])
      let first = try pair.server.readAll()
      #expect(first.bytes == (split == record.count ? bytes : []) && first.last == .wouldBlock)
      pair.server.deliver(record[split...])
      #expect(try first.bytes + pair.server.readAll().bytes == bytes)
    }
    let record = try pair.client.seal(bytes)
    var arrived: [UInt8] = []
    for byte in record {
      pair.server.deliver([byte])
      arrived += try pair.server.readAll().bytes
    }
    #expect(arrived == bytes)
  }

  @Test func readingStopsAtItsBound() throws {
    let pair = try Self.connected()
    pair.server.deliver(try pair.client.seal(Self.pattern(10)))
    var queue = ByteQueue(capacity: 100)
    #expect(try pair.server.read(into: &queue, atMost: 4) == .received(4))
    #expect(try pair.server.read(into: &queue, atMost: 4) == .received(4))
    #expect(try pair.server.read(into: &queue, atMost: 4) == .received(2))
    #expect(try pair.server.read(into: &queue, atMost: 4) == .wouldBlock)
    #expect(queue.array() == Self.pattern(10))
  }

  @Test func writingStopsWhenTheOutboundIsFull() throws {
    let pair = try Self.connected()
    var queue = ByteQueue()
    queue.append(Self.pattern(1_000_000))
    try pair.client.write(&queue)
    let limit = TLSEngine.outboundBytesMax
    let sealed = pair.client.outbound.count
    #expect((limit..<limit + 17_000).contains(sealed))
    let rest = queue.count
    #expect(rest < 1_000_000 && rest >= 1_000_000 - limit - 16_384)
    try pair.client.write(&queue)
    let unchanged = queue.count
    #expect(rest == unchanged)
  }

  @Test(arguments: versions)
  func closeNotifyEndsOneHalfAfterTheOther(version: TLSVersion) throws {
    let pair = try Self.connected(version)
    let last = try pair.client.seal([1, 2, 3])
    pair.client.closeWrite()
    pair.client.closeWrite()
    pair.server.deliver(last)
    pair.moveToServer()
    let received = try pair.server.readAll()
    #expect(received.bytes == [1, 2, 3] && received.last == .endOfStream)
    #expect(try pair.server.readAll().last == .endOfStream)
    #expect(throws: TLSError.notOpen) { _ = try pair.client.seal([4]) }
    pair.client.deliver(try pair.server.seal([5]))
    #expect(try pair.client.readAll().bytes == [5])
    pair.server.closeWrite()
    pair.moveToClient()
    #expect(try pair.client.readAll().last == .endOfStream)
    pair.client.endInbound()
    #expect(try pair.client.readAll().last == .endOfStream)
  }

  @Test(arguments: versions)
  func anEndWithoutCloseNotifyIsTruncation(version: TLSVersion) throws {
    for cut in [0, 1, 5, 20] {
      let pair = try Self.connected(version)
      let record = try pair.client.seal([1, 2, 3])
      pair.server.deliver(record + record.prefix(0))
      pair.server.deliver(try pair.client.seal([4, 5]).prefix(cut))
      pair.server.endInbound()
      var queue = ByteQueue()
      #expect(try pair.server.read(into: &queue, atMost: 99) == .received(3))
      for _ in 0..<2 {
        #expect(throws: TLSError.truncated) { _ = try pair.server.read(into: &queue, atMost: 99) }
      }
      #expect(queue.array() == [1, 2, 3])
    }
  }

  @Test(arguments: versions)
  func noCorruptionOfARecordGivesData(version: TLSVersion) throws {
    let client = try Certificates.client(
      options: TLSHandshakeTests.only(version), sessionHostsMax: 0)
    let server = try Certificates.server("server", tickets: 0)
    var index = 0
    while true {
      let pair = try EnginePair(client: client, server: server)
      try #require(pair.handshake())
      var record = try pair.client.seal(Array("secret".utf8))
      guard index < record.count else { break }
      record[index] ^= 0x41
      pair.server.deliver(record)
      pair.server.endInbound()
      #expect(throws: TLSError.self, "at \(index)") { _ = try pair.server.readAll() }
      // The header is 5 bytes: behind it everything is under the seal.
      if index >= 5 {
        #expect(throws: TLSError.corruptedRecord) { _ = try pair.server.readAll() }
        pair.moveToClient()
        #expect(throws: TLSError.peerAlert(TLSAlert(code: 20))) { _ = try pair.client.readAll() }
      }
      index += 1
    }
    #expect(index > 25)
  }

  @Test(arguments: versions)
  func aRepeatedOrReorderedRecordIsRefused(version: TLSVersion) throws {
    let repeated = try Self.connected(version)
    let record = try repeated.client.seal([1])
    repeated.server.deliver(record + record)
    #expect(throws: TLSError.corruptedRecord) { _ = try repeated.server.readAll() }
    let reordered = try Self.connected(version)
    let first = try reordered.client.seal([1])
    reordered.server.deliver(try reordered.client.seal([2]) + first)
    #expect(throws: TLSError.corruptedRecord) { _ = try reordered.server.readAll() }
  }

  @Test(arguments: versions)
  func aRecordBeyondTheLimitIsRefused(version: TLSVersion) throws {
    let pair = try Self.connected(version)
    pair.server.deliver([23, 3, 3, 0x48, 0x01])
    #expect(throws: TLSError.recordTooLong) { _ = try pair.server.readAll() }
  }

  @Test func textBehindTheHandshakeIsRefused() throws {
    let pair = try Self.connected()
    pair.server.deliver(Array("GET / HTTP/1.1\r\n\r\n".utf8))
    #expect(throws: TLSError.self) { _ = try pair.server.readAll() }
  }

  @Test func nothingPassesBeforeTheHandshake() throws {
    var engine = try TLSEngine(server: Certificates.server("server"))
    #expect(throws: TLSError.notOpen) { _ = try engine.readAll() }
    #expect(throws: TLSError.notOpen) { _ = try engine.seal([1]) }
    engine.closeWrite()
    let isEmpty = engine.outbound.isEmpty
    #expect(isEmpty)
  }

  @Test func anIdleConnectionGivesItsMemoryBack() throws {
    let pair = try Self.connected()
    pair.server.deliver(try pair.client.seal(Self.pattern(300_000)))
    _ = try pair.server.readAll()
    let before = pair.server.inbound.capacity
    pair.server.shrink(to: 1_000)
    let after = pair.server.inbound.capacity
    #expect(before > 100_000 && after == 1_000)
  }
}
