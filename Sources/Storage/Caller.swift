import Synchronization

/// Who waits for an operation on a database. It is answered once: by the worker, or because its time
/// is up.
protocol PatientCaller: AnyObject, Sendable {
  var isAnswered: Bool { get }

  /// Answers that the time is up, unless there was an answer already.
  func giveUp()
}

/// A caller who waits for an `R`.
final class Caller<R: Sendable>: PatientCaller {
  private let answered = Atomic(false)
  private let continuation: CheckedContinuation<Result<R, StorageError>, Never>

  init(_ continuation: CheckedContinuation<Result<R, StorageError>, Never>) {
    self.continuation = continuation
  }

  var isAnswered: Bool { answered.load(ordering: .acquiring) }

  func answer(_ result: Result<R, StorageError>) {
    guard !answered.exchange(true, ordering: .acquiringAndReleasing) else { return }
    continuation.resume(returning: result)
  }

  func giveUp() { answer(.failure(.timedOut)) }
}
