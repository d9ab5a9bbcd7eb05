/// Which attributes of a measurement its series keeps (specification, "Stream configuration",
/// `attribute_keys`). What is left out may still be exported with exemplars.
public enum AttributeFilter: Sendable, Hashable {
  case only([String])
  case excluding([String])

  func keeps(_ key: String) -> Bool {
    switch self {
    case .only(let keys): keys.contains(key)
    case .excluding(let keys): !keys.contains(key)
    }
  }
}
