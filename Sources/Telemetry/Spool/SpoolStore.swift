import Bytes
import Glibc
import Sockets

/// The segment files of one signal: those that this process writes, and those that it took over.
/// For one thread.
struct SpoolStore {
  /// Whose requests.
  enum Origin: Sendable { case own, adopted }

  enum Next: Sendable, Equatable {
    /// The oldest request. It stays that until it is settled.
    case request(SpooledRequest)
    /// Another process left this many records.
    case recovered(Int)
    /// This many records are lost.
    case lost(Int, DropReason)
    case none
  }

  enum Appended: Sendable, Equatable {
    case stored
    /// All files together may not be larger.
    case full
    case failed(SystemError)
  }

  private let folder: String
  private let limits: TelemetryConfiguration.Spool
  private let budget: SpoolBudget
  private let unixNanoseconds: @Sendable () -> UInt64

  private(set) var ledger: SpoolLedger
  private var writer: Int32?
  private var ownReader: SpoolReader?
  /// The paths of files that were taken over, with their sizes, in order.
  private(set) var adopted: [(path: String, bytes: Int)] = []
  private var adoptedReader: SpoolReader?
  /// Found when a file that was taken over was opened; to be told before its requests.
  private var damagedRecords: Int?
  private(set) var unreadableBytes = 0

  /// - Parameter folder: Where this process writes; made when it is first needed.
  init(
    folder: String, limits: TelemetryConfiguration.Spool, budget: SpoolBudget,
    unixNanoseconds: @escaping @Sendable () -> UInt64
  ) {
    self.folder = folder
    self.limits = limits
    self.budget = budget
    self.unixNanoseconds = unixNanoseconds
    ledger = SpoolLedger(segmentBytes: limits.segmentBytes)
  }

  // MARK: Writing

  /// Appends a request of this process.
  mutating func append(_ body: [UInt8], recordCount: Int) -> Appended {
    let now = unixNanoseconds()
    var frame = ByteQueue(capacity: SpoolFrame.headerBytes + body.count)
    SpoolFrame.append(body, recordCount: recordCount, unixNanoseconds: now, to: &frame)
    let bytes = frame.count
    guard body.count <= SpoolFrame.bodyBytesMax, budget.reserve(bytes) else { return .full }
    do throws(SystemError) {
      let descriptor = try place(bytes)
      try SpoolFile.write(frame, to: descriptor, at: ledger.segments.last?.bytes ?? 0)
      if limits.isSynchronized { try SpoolFile.synchronize(descriptor) }
      ledger.appended(bytes: bytes, records: recordCount, unixNanoseconds: now)
      return .stored
    } catch {
      budget.release(bytes)
      closeWriter()
      return .failed(error)
    }
  }

  /// The descriptor of the segment in which a frame belongs.
  private mutating func place(_ bytes: Int) throws(SystemError) -> Int32 {
    if case .append = ledger.placement(bytes: bytes), let writer { return writer }
    closeWriter()
    guard case .begin(let number) = ledger.placement(bytes: bytes) else {
      throw SystemError(call: "open", code: EBADF)
    }
    try SpoolFile.makeFolder(folder)
    let descriptor = try SpoolFile.create(path(number))
    writer = descriptor
    ledger.began(number)
    return descriptor
  }

  private mutating func closeWriter() {
    ledger.closeLast()
    if let writer { close(writer) }
    writer = nil
  }

  private func path(_ number: Int) -> String {
    let digits = String(number)
    return folder + "/" + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
      + Self.suffix
  }

  private static let suffix = ".spool"

  // MARK: Reading

  mutating func next(_ origin: Origin) -> Next {
    origin == .own ? nextOwn() : nextAdopted()
  }

  /// The request that `next` returned last is delivered, or never will be.
  mutating func settle(_ origin: Origin) {
    switch origin {
    case .own:
      guard let frame = ownReader?.current else { return }
      ownReader?.settle()
      ledger.settledInFirst(records: frame.recordCount)
      if ownReader?.current == nil { removeFirst() }
    case .adopted:
      adoptedReader?.settle()
      if adoptedReader != nil, adoptedReader?.current == nil { removeFirstAdopted() }
    }
  }

  private mutating func nextOwn() -> Next {
    while true {
      if let reader = ownReader, let frame = reader.current {
        guard isExpired(frame.unixNanoseconds) else { return .request(request(frame, reader)) }
        settle(.own)
        return .lost(frame.recordCount, .expired)
      }
      if ownReader != nil { removeFirst() }
      if ledger.isFirstOlder(than: oldest) {
        return .lost(removeFirst().pendingRecords, .expired)
      }
      if ledger.segments.count == 1 { closeWriter() }
      guard let first = ledger.takeFirst() else { return .none }
      ownReader = try? SpoolReader(path(first.number))
      let found = ownReader?.segment.pendingRecordCount ?? 0
      unreadableBytes += ownReader?.segment.unreadableBytes ?? first.bytes
      let missing = first.pendingRecords - found
      if ownReader == nil {
        removeFirst()
      } else if missing > 0 {
        ledger.lostInFirst(records: missing)
      }
      if missing > 0 { return .lost(missing, .corrupt) }
    }
  }

  @discardableResult
  private mutating func removeFirst() -> SpoolLedger.Segment {
    if ledger.segments.count == 1 { closeWriter() }
    let first = ledger.removeFirst()
    if let ownReader { ownReader.remove() } else { unlink(path(first.number)) }
    ownReader = nil
    budget.release(first.bytes)
    return first
  }

  private mutating func nextAdopted() -> Next {
    if let damaged = damagedRecords {
      damagedRecords = nil
      return .lost(damaged, .corrupt)
    }
    while true {
      if let reader = adoptedReader, let frame = reader.current {
        guard isExpired(frame.unixNanoseconds) else { return .request(request(frame, reader)) }
        settle(.adopted)
        return .lost(frame.recordCount, .expired)
      }
      if adoptedReader != nil { removeFirstAdopted() }
      guard let first = adopted.first else { return .none }
      guard let reader = try? SpoolReader(first.path) else {
        unreadableBytes += first.bytes
        removeFirstAdopted()
        continue
      }
      adoptedReader = reader
      unreadableBytes += reader.segment.unreadableBytes
      let damaged = reader.segment.damagedRecordCount
      let found = reader.segment.pendingRecordCount + damaged
      damagedRecords = damaged > 0 ? damaged : nil
      if found > 0 { return .recovered(found) }
    }
  }

  private mutating func removeFirstAdopted() {
    let first = adopted.removeFirst()
    if let adoptedReader { adoptedReader.remove() } else { unlink(first.path) }
    adoptedReader = nil
    budget.release(first.bytes)
  }

  private func request(_ frame: SpoolFrame, _ reader: SpoolReader) -> SpooledRequest {
    SpooledRequest(body: reader.body(of: frame), recordCount: frame.recordCount)
  }

  private func isExpired(_ unixNanoseconds: UInt64) -> Bool { unixNanoseconds < oldest }

  /// What was written before is too old.
  private var oldest: UInt64 {
    let (now, age) = (unixNanoseconds(), UInt64(max(0, limits.ageMax.wholeNanoseconds)))
    return now > age ? now - age : 0
  }

  // MARK: Taking over, and the end

  /// Takes over the segment files in another process's folder, whose lock is held.
  mutating func adopt(_ folder: String) {
    for name in SpoolFile.names(in: folder) where name.hasSuffix(Self.suffix) {
      let path = folder + "/" + name
      guard let state = SpoolFile.state(path) else { continue }
      budget.charge(state.bytes)
      adopted.append((path, state.bytes))
    }
  }

  /// What is left stays for another process.
  mutating func close() {
    closeWriter()
    ownReader?.close()
    adoptedReader?.close()
    ownReader = nil
    adoptedReader = nil
  }

  private func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }
}

/// A request that waits on disk.
struct SpooledRequest: Sendable, Equatable {
  /// In protobuf.
  let body: [UInt8]
  let recordCount: Int
}
