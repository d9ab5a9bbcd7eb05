import HTTP1
package import HTTPServer
package import HTTPTypes
import Sockets

/// How long a caller still waits for its answer. It says so in a field of its request, so that
/// nobody works for one who has gone.
package enum RequestBudget {
  /// Its value is a whole number of milliseconds.
  package static let fieldName = HTTPField.Name.known("request-timeout-ms")

  /// The value for a caller that waits for `time`.
  package static func value(_ time: Duration) -> String {
    "\(max(0, time.wholeNanoseconds / 1_000_000))"
  }

  /// What is left of the time that the request's sender waits; nil when it does not say, or not in
  /// a way that can be understood.
  package static func remaining(_ request: ServerRequest) -> Duration? {
    guard let text = request.head.fields.first(fieldName), text.utf8.count <= 9,
      text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let milliseconds = Int(text)
    else { return nil }
    return .milliseconds(milliseconds) - (.now() - request.receivedAt)
  }
}
