import Telemetry

/// How often each endpoint is asked, in proportion.
package struct LoadMix: Hashable, Sendable {
  /// Weights of `LoadEndpoint.allCases`; not negative, and not all zero.
  private let weights: [Int]
  private let total: Int

  /// The largest weight.
  package static let weightMax = 1_000_000

  /// What people do in a shop, with a few who ask for what it does not have.
  package static let standard = LoadMix([
    .order: 40, .listProducts: 35, .listOrders: 15, .stock: 8, .unknown: 2,
  ])

  /// - Precondition: The weights are not negative, and one is positive.
  init(_ weights: [LoadEndpoint: Int]) {
    self.weights = LoadEndpoint.allCases.map { weights[$0, default: 0] }
    total = self.weights.reduce(0, +)
  }

  /// Reads `order=3,list-products=1`: endpoints that are not named are not asked. Nil for an
  /// unknown or repeated name, a weight that is no whole number from 0 to `weightMax`, or none at
  /// all.
  package init?(_ text: String) {
    var weights: [LoadEndpoint: Int] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", omittingEmptySubsequences: false)
      guard pair.count == 2, let endpoint = LoadEndpoint(rawValue: String(pair[0])),
        let weight = Int(pair[1]), (0...Self.weightMax).contains(weight),
        weights.updateValue(weight, forKey: endpoint) == nil
      else { return nil }
    }
    guard weights.values.contains(where: { $0 > 0 }) else { return nil }
    self.init(weights)
  }

  /// Chooses one.
  func choose(_ generator: inout SplitMix64) -> LoadEndpoint {
    var rest = Int(generator.next() % UInt64(total))
    for (endpoint, weight) in zip(LoadEndpoint.allCases, weights) {
      if rest < weight { return endpoint }
      rest -= weight
    }
    return .order
  }
}
