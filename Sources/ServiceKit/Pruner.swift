package import Logging

/// Deletes what has been kept for long enough: a little at a time with pauses between, so that
/// nobody's request waits for it.
package struct Pruner: Sendable {
  /// Deletes at most so many.
  /// - Returns: How many.
  package typealias Deletion = @Sendable (_ limit: Int) async throws -> Int

  private let name: String
  private let interval: Duration
  private let pause: Duration
  private let batchMax: Int
  private let logger: Logger
  private let delete: Deletion

  /// - Parameters:
  ///   - name: What is deleted, for the log.
  ///   - interval: How long it rests when nothing is left to delete.
  ///   - pause: How long it rests between two batches.
  ///   - batchMax: How many are deleted at once.
  package init(
    _ name: String, interval: Duration = .seconds(60), pause: Duration = .milliseconds(50),
    batchMax: Int = 500, logger: Logger, delete: @escaping Deletion
  ) {
    self.name = name
    self.interval = interval
    self.pause = pause
    self.batchMax = batchMax
    self.logger = logger
    self.delete = delete
  }

  /// Works until the task is cancelled.
  package func run() async {
    while !Task.isCancelled {
      let isMore = await deleteOnce()
      try? await Task.sleep(for: isMore ? pause : interval)
    }
  }

  /// - Returns: Whether there may be more.
  private func deleteOnce() async -> Bool {
    do {
      let count = try await delete(batchMax)
      if count > 0 {
        logger.debug("Deleted \(name)", metadata: ["count": .stringConvertible(count)])
      }
      return count >= batchMax
    } catch {
      logger.error("Cannot delete \(name)", metadata: ["error": "\(error)"])
      return false
    }
  }
}
