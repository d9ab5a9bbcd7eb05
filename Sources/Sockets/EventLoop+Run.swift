extension EventLoop {
  /// Runs `body` in a task on the loop and returns what it returns. From anywhere; the caller's
  /// cancellation and task-local values reach it.
  package func run<R: Sendable, E: Error>(
    _ body: @escaping @Sendable () async throws(E) -> R
  ) async throws(E) -> R {
    // `withTaskExecutorPreference` would not do: it does not move a body that is
    // nonisolated(nonsending), which stays where its caller is.
    let task = Task(executorPreference: self) { () -> Result<R, E> in
      do throws(E) {
        return .success(try await body())
      } catch {
        return .failure(error)
      }
    }
    let result = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    return try result.get()
  }
}
