import Testing

@testable import Telemetry

@Suite("Spool: which files there are")
struct SpoolLedgerTests {
  private func append(
    _ bytes: Int, records: Int = 1, at time: UInt64 = 1, to ledger: inout SpoolLedger
  ) {
    if case .begin(let number) = ledger.placement(bytes: bytes) { ledger.began(number) }
    ledger.appended(bytes: bytes, records: records, unixNanoseconds: time)
  }

  @Test("a segment is filled to its last byte, then the next one is begun")
  func placement() {
    var ledger = SpoolLedger(segmentBytes: 100)
    #expect(ledger.placement(bytes: 1) == .begin(1))
    append(60, to: &ledger)
    #expect(ledger.placement(bytes: 40) == .append(1))
    #expect(ledger.placement(bytes: 41) == .begin(2))
    append(41, to: &ledger)
    append(1_000, to: &ledger)
    #expect(ledger.segments.map(\.number) == [1, 2, 3])
    #expect(ledger.segments.map(\.bytes) == [60, 41, 1_000] && ledger.bytes == 1_101)
    #expect(ledger.placement(bytes: 1) == .begin(4))
  }

  @Test("the segment that is read takes no more, and numbers are used once")
  func reading() {
    var ledger = SpoolLedger(segmentBytes: 100)
    #expect(ledger.takeFirst() == nil)
    append(10, records: 3, to: &ledger)
    #expect(ledger.takeFirst()?.number == 1)
    #expect(ledger.placement(bytes: 1) == .begin(2))
    append(10, records: 4, to: &ledger)
    #expect(ledger.pendingRecords == 7 && ledger.pendingRequests == 2)
    ledger.settledInFirst(records: 3)
    #expect(ledger.pendingRecords == 4 && ledger.pendingRequests == 1)
    #expect(ledger.removeFirst().number == 1)
    // The second one is open still.
    #expect(ledger.placement(bytes: 1) == .append(2))
    #expect(ledger.removeFirst().pendingRecords == 4)
    #expect(ledger.placement(bytes: 1) == .begin(3))
    #expect(ledger.pendingRequests == 0 && ledger.segments == [])
  }

  @Test("a segment is old when its youngest request is")
  func age() {
    var ledger = SpoolLedger(segmentBytes: 100)
    #expect(!ledger.isFirstOlder(than: .max))
    append(10, at: 5, to: &ledger)
    append(10, at: 9, to: &ledger)
    #expect(!ledger.isFirstOlder(than: 9))
    #expect(ledger.isFirstOlder(than: 10))
  }
}
