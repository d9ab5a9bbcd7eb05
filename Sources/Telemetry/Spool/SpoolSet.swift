package import Sockets
import Synchronization

/// The spools of a process: one for each signal, in one folder, with one thread and one limit.
package final class SpoolSet: Sendable {
  package let configuration: TelemetryConfiguration.Spool
  package let budget: SpoolBudget
  private let thread: SpoolThread
  private let spools: [TelemetryConfiguration.Signal: Spool]

  private struct Folders: ~Copyable {
    var directory: SpoolDirectory
    var isClosed = false
  }

  private let folders: Mutex<Folders>

  /// Makes and locks the folder of this process.
  /// - Throws: `SystemError` when that is not possible.
  package init(
    _ configuration: TelemetryConfiguration.Spool, directory path: String, serviceName: String,
    unixNanoseconds: @escaping @Sendable () -> UInt64 = WallClock.unixNanoseconds
  ) throws(SystemError) {
    let directory = try SpoolDirectory(
      path, serviceName: serviceName, unixNanoseconds: unixNanoseconds())
    let (thread, budget) = (try SpoolThread(), SpoolBudget(bytesMax: configuration.bytesMax))
    var spools: [TelemetryConfiguration.Signal: Spool] = [:]
    for signal in TelemetryConfiguration.Signal.allCases {
      let store = SpoolStore(
        folder: directory.folder(signal), limits: configuration, budget: budget,
        unixNanoseconds: unixNanoseconds)
      spools[signal] = Spool(store, thread: thread)
    }
    self.configuration = configuration
    self.budget = budget
    self.thread = thread
    self.spools = spools
    folders = Mutex(Folders(directory: directory))
  }

  package func spool(_ signal: TelemetryConfiguration.Signal) -> Spool? { spools[signal] }

  /// Takes over what dead processes of the same service left, and removes what is empty.
  package func adopt() async {
    await thread.run {
      let paths = self.folders.withLock { folders -> [String] in
        guard !folders.isClosed else { return [] }
        folders.directory.removeEmptyOrphans()
        return folders.directory.adopt()
      }
      for path in paths {
        for (signal, spool) in self.spools { spool.adopt(path + "/" + signal.rawValue) }
      }
    }
  }

  /// Lets go of the files, which stay for the next process, and ends the thread.
  package func close() async {
    await thread.run {
      for spool in self.spools.values { spool.close() }
      self.folders.withLock { folders in
        if !folders.isClosed { folders.directory.close() }
        folders.isClosed = true
      }
    }
    thread.stop()
  }
}
