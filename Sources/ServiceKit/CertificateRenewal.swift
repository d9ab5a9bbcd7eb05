import Foundation
import Logging
import TLS

/// Takes up renewed certificates while the service runs: when a file changes, or at SIGHUP.
final class CertificateRenewal: Sendable {
  private let context: TLSServerContext
  private let files: [String]
  private let logger: Logger

  init(_ context: TLSServerContext, files: [String], logger: Logger) {
    self.context = context
    self.files = files
    self.logger = logger
  }

  /// Looks at the files every `interval`, until the task is cancelled.
  func watch(every interval: Duration) async {
    var known = state()
    while (try? await Task.sleep(for: interval)) != nil {
      let present = state()
      guard present != known else { continue }
      known = present
      reload()
    }
  }

  /// Reads the files again. What cannot be used leaves everything as it was.
  func reload() {
    do throws(TLSError) {
      try context.reload()
      logger.info("certificates reloaded")
    } catch {
      logger.error("certificates not reloaded", metadata: ["error": "\(error)"])
    }
  }

  /// What a renewal changes of a file, whether it is written in place or replaced.
  private struct FileState: Hashable {
    let device: UInt64
    let number: UInt64
    let bytes: Int64
    let seconds: Int
    let nanoseconds: Int
  }

  private func state() -> [FileState?] {
    files.map { path in
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      return FileState(
        device: UInt64(status.st_dev), number: UInt64(status.st_ino), bytes: Int64(status.st_size),
        seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
  }
}
