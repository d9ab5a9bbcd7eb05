import HTTP1
import HTTPClient

extension HTTPURL {
  /// The URL of `path` below this one, with a query of `parameters`, encoded (RFC 3986 §3.4).
  func appending(_ path: String, query parameters: [(String, String)]) -> HTTPURL {
    let query = parameters.map { name, value in
      PercentEncoding.encode(name, except: PercentEncoding.isUnreserved) + "="
        + PercentEncoding.encode(value, except: PercentEncoding.isUnreserved)
    }
    return appending(query.isEmpty ? path : "\(path)?\(query.joined(separator: "&"))")
  }
}
