/// Why a redirect is not followed, where redirects are.
package enum RedirectRefusal: Hashable, Sendable, CustomStringConvertible {
  /// More than the request allows.
  case tooMany
  /// No Location, or one that is no http or https URL.
  case badLocation
  /// From https to http: what was secured would be in the open.
  case insecure

  package var description: String {
    switch self {
    case .tooMany: "there are too many"
    case .badLocation: "it leads to no http or https URL"
    case .insecure: "it leads from https to http"
    }
  }
}
