extension EventLoop {
  /// Runs `body` on the loop and returns what it returns. From anywhere.
  package func run<R: Sendable, E: Error>(
    _ body: @escaping @Sendable () async throws(E) -> R
  ) async throws(E) -> R {
    let result = await withTaskExecutorPreference(self) {
      do throws(E) {
        return Result<R, E>.success(try await body())
      } catch {
        return Result<R, E>.failure(error)
      }
    }
    return try result.get()
  }
}
