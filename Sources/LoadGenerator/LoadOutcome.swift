/// How one request ended.
struct LoadOutcome {
  enum Kind { case ok, refused, failed }

  let kind: Kind
  /// The status, or the reason for there being none.
  let label: String

  /// - Parameter status: What `endpoint` answered.
  init(_ endpoint: LoadEndpoint, status: Int) {
    label = "\(status)"
    switch (endpoint, status) {
    case (.unknown, 400), (.order, 200), (.listOrders, 200), (.listProducts, 200), (.stock, 200):
      kind = .ok
    case (.order, 400): kind = .refused
    default: kind = .failed
    }
  }

  /// - Parameter reason: Why there is no answer; a short constant name.
  init(failure reason: String) {
    label = reason
    kind = .failed
  }
}
