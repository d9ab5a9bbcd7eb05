import HTTPClient
package import Sockets
import Synchronization
package import Telemetry

/// Sends requests at the times that a schedule says, whatever the servers do: an open loop. What
/// the servers cannot take waits, and its waiting is part of its latency, so that a server that
/// stops for a second is seen by all who would have come in that second, not only by those who were
/// there (Gil Tene's "coordinated omission").
package final class LoadGenerator: Sendable {
  private let plan: LoadPlan
  private let loop: EventLoop
  private let ids: any IDGenerator
  private let isStopped = Atomic(false)

  /// - Parameters:
  ///   - loop: Where everything runs.
  ///   - ids: The source of the traces' identities.
  package init(_ plan: LoadPlan, loop: EventLoop, ids: any IDGenerator) {
    self.plan = plan
    self.loop = loop
    self.ids = ids
  }

  /// Lets requests under way end, and sends no more. From any thread.
  package func stop() { isStopped.store(true, ordering: .relaxed) }

  /// Runs the whole load.
  /// - Parameter onSecond: Called every second, on the loop.
  /// - Throws: `LoadError` when it cannot begin.
  package func run(
    onSecond: @escaping @Sendable (LoadProgress) -> Void
  ) async throws(LoadError) -> LoadReport {
    var configuration = HTTPClientConfiguration()
    // One more for restocks.
    configuration.connectionsPerOriginMax = plan.connections + 1
    configuration.userAgent = "ostack-load"
    let client = HTTPClient(configuration: configuration, homeLoop: loop)
    let report = try await loop.run { () async throws(LoadError) -> LoadReport in
      let keeper = StockKeeper(self.plan, client: client, loop: self.loop)
      try await keeper.open()
      let requests = LoadRequests(
        orderService: self.plan.orderService, inventoryService: self.plan.inventoryService,
        productIDs: keeper.productIDs, ids: self.ids)
      let run = LoadRun(
        self.plan, loop: self.loop, client: client, requests: requests, keeper: keeper,
        isStopped: { self.isStopped.load(ordering: .relaxed) }, onSecond: onSecond)
      return await run.execute()
    }
    await client.closeIdleConnections()
    return report
  }
}
