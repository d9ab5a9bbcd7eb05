import Glibc

/// A host name that could not be turned into addresses.
package struct ResolutionError: Error, Hashable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    /// A code of getaddrinfo.
    case system(Int32)
    case timedOut
    /// Too many look-ups were waiting.
    case overloaded
  }

  package let host: String
  package let reason: Reason

  package init(host: String, reason: Reason) {
    self.host = host
    self.reason = reason
  }

  package var description: String {
    switch reason {
    case .system(let code):
      "cannot resolve \(host): \(gai_strerror(code).map { String(cString: $0) } ?? "\(code)")"
    case .timedOut: "cannot resolve \(host): timed out"
    case .overloaded: "cannot resolve \(host): too many look-ups at once"
    }
  }
}
