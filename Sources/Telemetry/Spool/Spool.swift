import Sockets
import Synchronization

/// What waits on disk of one signal. Its methods suspend while the spool's thread works.
package final class Spool: Sendable {
  /// What there is; read without waiting for a disk.
  package struct Figures: Sendable, Equatable {
    /// Requests and records of this process that wait.
    package var ownRequests = 0
    package var ownRecords = 0
    package var ownBytes = 0
    /// Files of other processes that wait.
    package var adoptedFiles = 0
    /// Bytes of files in which nothing could be read.
    package var unreadableBytes = 0
  }

  private let store: Mutex<SpoolStore>
  private let figuresNow = Mutex(Figures())
  private let thread: SpoolThread

  init(_ store: SpoolStore, thread: SpoolThread) {
    self.store = Mutex(store)
    self.thread = thread
  }

  package var figures: Figures { figuresNow.withLock { $0 } }

  func append(_ body: [UInt8], recordCount: Int) async -> SpoolStore.Appended {
    await run { $0.append(body, recordCount: recordCount) }
  }

  func next(_ origin: SpoolStore.Origin) async -> SpoolStore.Next { await run { $0.next(origin) } }

  func settle(_ origin: SpoolStore.Origin) async { await run { $0.settle(origin) } }

  /// Takes over a signal's files; on the spool's thread.
  func adopt(_ folder: String) {
    store.withLock { $0.adopt(folder) }
    tell()
  }

  /// What is left stays for another process; on the spool's thread.
  func close() { store.withLock { $0.close() } }

  private func run<R: Sendable>(_ body: @escaping @Sendable (inout SpoolStore) -> R) async -> R {
    await thread.run {
      let result = self.store.withLock { body(&$0) }
      self.tell()
      return result
    }
  }

  private func tell() {
    let figures = store.withLock { store in
      Figures(
        ownRequests: store.ledger.pendingRequests, ownRecords: store.ledger.pendingRecords,
        ownBytes: store.ledger.bytes, adoptedFiles: store.adopted.count,
        unreadableBytes: store.unreadableBytes)
    }
    figuresNow.withLock { $0 = figures }
  }
}
