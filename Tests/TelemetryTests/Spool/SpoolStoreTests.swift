import Foundation
import Sockets
import Testing

@testable import Telemetry

@Suite("Spool: files")
struct SpoolStoreTests {
  private let folder: TemporaryFolder
  private let clock = ManualWallClock(1_000_000_000_000)

  init() throws { folder = try TemporaryFolder() }

  private func store(
    _ name: String = "own", budget: SpoolBudget = SpoolBudget(bytesMax: 1 << 20),
    _ change: (inout TelemetryConfiguration.Spool) -> Void = { _ in }
  ) -> SpoolStore {
    var limits = TelemetryConfiguration.Spool()
    limits.segmentBytes = 100
    change(&limits)
    let clock = clock
    return SpoolStore(folder: path(name), limits: limits, budget: budget) { clock.now }
  }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func files(_ name: String = "own") -> [String] { SpoolFile.names(in: path(name)) }

  private func body(_ number: Int) -> [UInt8] { Array("request \(number)".utf8) }

  private func append(_ numbers: Range<Int>, to store: inout SpoolStore) {
    for number in numbers {
      #expect(store.append(body(number), recordCount: number + 1) == .stored)
    }
  }

  private func request(_ number: Int) -> SpoolStore.Next {
    .request(SpooledRequest(body: body(number), recordCount: number + 1))
  }

  @Test("requests come back in order, and a file goes when the last of it is done")
  func order() {
    let budget = SpoolBudget(bytesMax: 1 << 20)
    var store = store(budget: budget)
    #expect(store.next(.own) == .none)
    append(0..<5, to: &store)
    // 41 bytes each, two in a file.
    #expect(files() == ["0000000001.spool", "0000000002.spool", "0000000003.spool"])
    #expect(budget.usedBytes == 205)
    for number in 0..<5 {
      #expect(store.next(.own) == request(number))
      #expect(store.next(.own) == request(number), "it stays the next until it is settled")
      store.settle(.own)
      #expect(files().count == [3, 2, 2, 1, 0][number])
    }
    #expect(store.next(.own) == .none && budget.usedBytes == 0)
    append(5..<6, to: &store)
    #expect(store.next(.own) == request(5))
    store.close()
  }

  @Test("what is written while the same file is read goes to another one")
  func readingAndWriting() {
    var store = store { $0.segmentBytes = 1 << 20 }
    append(0..<1, to: &store)
    #expect(store.next(.own) == request(0))
    append(1..<2, to: &store)
    #expect(files().count == 2)
    store.settle(.own)
    #expect(store.next(.own) == request(1))
    store.close()
  }

  @Test("all files of a process share one limit; what is delivered makes room")
  func budget() {
    let budget = SpoolBudget(bytesMax: 82)
    var (first, second) = (store("a", budget: budget), store("b", budget: budget))
    append(0..<1, to: &first)
    append(1..<2, to: &second)
    #expect(first.append(body(2), recordCount: 1) == .full)
    #expect(second.next(.own) == request(1))
    second.settle(.own)
    append(2..<3, to: &first)
    #expect(budget.usedBytes == 82)
  }

  @Test("what is too old is lost and said so, a file at a time where all of it is")
  func age() {
    var store = store { $0.ageMax = .seconds(10) }
    append(0..<2, to: &store)
    clock.advance(by: 1_000_000_000)
    append(2..<3, to: &store)
    clock.advance(by: 9_000_000_000)
    #expect(store.next(.own) == request(0), "exactly as old as may be")
    clock.advance(by: 1)
    #expect(store.next(.own) == .lost(1, .expired))
    #expect(store.next(.own) == .lost(2, .expired))
    #expect(files() == ["0000000002.spool"])
    #expect(store.next(.own) == request(2))
    clock.advance(by: 1_000_000_001)
    #expect(store.next(.own) == .lost(3, .expired))
    #expect(store.next(.own) == .none && files() == [])
    append(4..<6, to: &store)
    clock.advance(by: 10_000_000_001)
    #expect(store.next(.own) == .lost(11, .expired), "never opened")
    // A clock that was set back makes nothing old.
    append(6..<7, to: &store)
    clock.now = 5
    #expect(store.next(.own) == request(6))
    store.close()
  }

  @Test("another process finds what is left, without what was done")
  func recovery() {
    var dead = store("dead")
    append(0..<5, to: &dead)
    #expect(dead.next(.own) == request(0))
    dead.settle(.own)
    dead.close()
    let budget = SpoolBudget(bytesMax: 50)
    var store = store(budget: budget)
    store.adopt(path("dead"))
    #expect(store.adopted.count == 3 && budget.usedBytes == 205)
    #expect(store.append(body(0), recordCount: 1) == .full)
    #expect(store.next(.adopted) == .recovered(2))
    #expect(store.next(.adopted) == request(1))
    store.settle(.adopted)
    #expect(store.next(.adopted) == .recovered(7))
    for number in 2..<4 {
      #expect(store.next(.adopted) == request(number))
      store.settle(.adopted)
    }
    #expect(store.next(.adopted) == .recovered(5))
    #expect(store.next(.adopted) == request(4))
    store.settle(.adopted)
    #expect(store.next(.adopted) == .none)
    #expect(files("dead") == [] && budget.usedBytes == 0)
  }

  @Test("a file that is torn at any byte yields what was written whole, and the rest is counted")
  func tornFile() throws {
    var dead = store("dead") { $0.segmentBytes = 1 << 20 }
    append(0..<2, to: &dead)
    dead.close()
    let name = try #require(files("dead").first)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path("dead") + "/" + name))
    for end in 0...whole.count {
      let torn = "torn-\(end)"
      try FileManager.default.createDirectory(
        atPath: path(torn), withIntermediateDirectories: true)
      try whole.prefix(end).write(to: URL(fileURLWithPath: path(torn) + "/" + name))
      var store = store()
      store.adopt(path(torn))
      var (requests, recovered, lost) = (0, 0, 0)
      reading: while true {
        switch store.next(.adopted) {
        case .none: break reading
        case .recovered(let count): recovered += count
        case .lost(let count, let reason):
          #expect(reason == .corrupt)
          lost += count
        case .request(let request):
          #expect(request.body == body(requests))
          requests += 1
          store.settle(.adopted)
        }
      }
      let complete = end / 41
      #expect(requests == complete, "cut at \(end)")
      let isHeaderWhole = end % 41 >= 32
      #expect(lost == (isHeaderWhole ? complete + 1 : 0), "cut at \(end)")
      #expect(recovered == [0, 1, 3][complete] + lost, "cut at \(end)")
      #expect(store.unreadableBytes == (isHeaderWhole ? 0 : end % 41), "cut at \(end)")
      #expect(files(torn) == [], "cut at \(end)")
    }
  }

  @Test("what somebody deleted or spoiled is counted as lost, and the rest goes on")
  func tampering() throws {
    var store = store()
    append(0..<5, to: &store)
    try FileManager.default.removeItem(atPath: path("own") + "/0000000001.spool")
    let second = URL(fileURLWithPath: path("own") + "/0000000002.spool")
    var bytes = try Data(contentsOf: second)
    bytes[35] ^= 1
    try bytes.write(to: second)
    #expect(store.next(.own) == .lost(3, .corrupt))
    #expect(store.next(.own) == .lost(3, .corrupt))
    #expect(store.next(.own) == request(3))
    store.settle(.own)
    #expect(store.next(.own) == request(4))
    store.settle(.own)
    #expect(store.next(.own) == .none && files() == [])
  }

  @Test("files that are no segments are left alone, and links are not followed")
  func strangers() throws {
    try folder.write("precious", to: "elsewhere")
    try folder.write("note", to: "dead/readme.txt")
    try folder.link("dead/0000000001.spool", to: path("elsewhere"))
    var store = store()
    store.adopt(path("dead"))
    #expect(store.next(.adopted) == .none)
    #expect(try folder.read("elsewhere") == "precious" && folder.read("dead/readme.txt") == "note")
  }

  @Test("nobody but its owner may read it")
  func permissions() throws {
    var store = store()
    append(0..<1, to: &store)
    for (name, mode) in [("own", 0o700), ("own/0000000001.spool", 0o600)] {
      let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
      #expect(attributes[.posixPermissions] as? Int == mode)
    }
    store.close()
  }

  @Test("a folder that cannot be written is said so, and what was there before stays")
  func noFolder() throws {
    try folder.write("in the way", to: "own")
    var store = store()
    guard case .failed(let error) = store.append(body(0), recordCount: 1) else {
      Issue.record("appended below a file")
      return
    }
    #expect(error.call.hasPrefix("mkdir") && store.next(.own) == .none)
  }

  @Test("a disk that is full costs what it does not take, and nothing else")
  func fullDisk() async {
    // The limit is one of the whole process, so this needs one of its own.
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let budget = SpoolBudget(bytesMax: 1 << 20)
      var store = SpoolStore(
        folder: folder.path, limits: TelemetryConfiguration.Spool(), budget: budget,
        unixNanoseconds: { 1 })
      var limit = rlimit(rlim_cur: 100, rlim_max: rlim_t.max)
      setrlimit(__rlimit_resource_t(1), &limit)
      let thread = try SpoolThread()
      // Blocks the signal that would end the process.
      await thread.run {}
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGXFSZ)
      pthread_sigmask(SIG_BLOCK, &signals, nil)
      let body = [UInt8](repeating: 7, count: 20)
      guard store.append(body, recordCount: 1) == .stored else { exit(2) }
      guard case .failed(let error) = store.append(
        [UInt8](repeating: 8, count: 60), recordCount: 2), error.code == EFBIG
      else { exit(3) }
      guard budget.usedBytes == 52 else { exit(4) }
      // The next one goes to a new file.
      guard store.append(body, recordCount: 3) == .stored else { exit(5) }
      for count in [1, 3] {
        guard store.next(.own) == .request(SpooledRequest(body: body, recordCount: count)) else {
          exit(6)
        }
        store.settle(.own)
      }
      exit(store.next(.own) == .none && budget.usedBytes == 0 ? 0 : 7)
    }
  }
}
