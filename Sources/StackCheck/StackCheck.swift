package import Telemetry

/// Follows one order through the whole stack.
package struct StackCheck: Sendable {
  private let addresses: StackAddresses
  private let runner: HopRunner
  private let placement: OrderPlacement
  /// Names of hops that are not asked.
  private let leftOut: Set<String>

  /// - Parameter ids: The source of the trace's identity.
  package init(
    _ addresses: StackAddresses, runner: HopRunner, ids: any IDGenerator,
    leftOut: Set<String> = []
  ) {
    self.addresses = addresses
    self.runner = runner
    placement = OrderPlacement(addresses, ids: ids)
    self.leftOut = leftOut
  }

  /// Every hop, in the order of the report.
  package var hops: [Hop] { opening + following.flatMap { $0 } }

  private var opening: [Hop] { [placement.stockHop, placement.orderHop] }

  /// What is asked once there is an order: chains that run beside each other.
  private var following: [[Hop]] {
    [
      [placement.storedHop],
      [.trace(in: addresses.jaeger)],
      // The bucket is asked behind the log lines: what has not arrived cannot be written.
      [.logs(in: addresses.loki), .bucket(addresses.bucket, loki: addresses.loki)],
      [.metrics(in: addresses.prometheus)],
      [.exemplar(in: addresses.prometheus)],
      [.spanMetrics(in: addresses.prometheus)],
      [.rules(in: addresses.prometheus)],
      [.targets(in: addresses.prometheus)],
      [.grafana(addresses)],
    ] + StackNames.dataSources.map { [.dataSource($0, addresses)] } + [
      [.dashboards(addresses)],
      [.elasticsearch(addresses.elasticsearch)],
    ]
  }

  /// Places the order, then asks everything else, side by side.
  /// - Returns: A result for each of `hops`, in that order.
  package func run() async -> CheckReport {
    var results: [HopResult] = []
    for hop in opening { results.append(await result(hop, order: nil)) }
    let order = placement.order
    let chains = following
    let rest = await withTaskGroup(of: (Int, [HopResult]).self) { group in
      for (index, chain) in chains.enumerated() {
        group.addTask {
          var results: [HopResult] = []
          for hop in chain { results.append(await result(hop, order: order)) }
          return (index, results)
        }
      }
      var all: [Int: [HopResult]] = [:]
      for await (index, results) in group { all[index] = results }
      return chains.indices.flatMap { all[$0] ?? [] }
    }
    return CheckReport(results: results + rest)
  }

  private func result(_ hop: Hop, order: PlacedOrder?) async -> HopResult {
    guard !leftOut.contains(hop.name) else {
      return HopResult(hop: hop, outcome: .leftOut, milliseconds: 0)
    }
    return await runner.run(hop, order: order)
  }
}
