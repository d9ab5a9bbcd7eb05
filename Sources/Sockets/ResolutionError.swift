import Glibc

/// A host name that could not be turned into addresses.
package struct ResolutionError: Error, Hashable, CustomStringConvertible {
  package let host: String
  /// The code of getaddrinfo; nil when too many look-ups were waiting.
  package let code: Int32?

  package var description: String {
    guard let code else { return "cannot resolve \(host): too many look-ups at once" }
    return "cannot resolve \(host): \(gai_strerror(code).map { String(cString: $0) } ?? "\(code)")"
  }
}
