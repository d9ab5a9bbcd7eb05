/// A variable that names a proxy which cannot be used.
package struct HTTPProxyError: Error, Hashable, CustomStringConvertible {
  package enum Reason: Error, Hashable, Sendable, CustomStringConvertible {
    /// Only proxies that speak plain HTTP can be used.
    case unsupportedScheme(String)
    case malformed

    package var description: String {
      switch self {
      case .unsupportedScheme: "only proxies with http:// URLs can be used"
      case .malformed: "is not a URL such as http://proxy:3128"
      }
    }
  }

  package let variable: String
  package let reason: Reason

  package var description: String { "\(variable): \(reason)" }
}
