import HTTP1
import HTTPTypes
package import HTTPServer
package import Validation

/// Reads what a request says, and collects everything that is wrong with it, so that one answer
/// tells it all.
package struct ParameterReader {
  package let request: ServerRequest
  private var issues: [ValidationIssue] = []
  private var fieldRefusal: ServerResponse?

  package init(_ request: ServerRequest) { self.request = request }

  /// The decoded value of the query's parameter called `name`; nil when it is not given.
  package func query(_ name: StaticString) -> String? {
    request.head.withQueryBytes { QueryString.value(of: name, in: $0) }
  }

  /// Notes what is wrong with the query.
  package mutating func add(_ issue: ValidationIssue) { issues.append(issue) }

  /// Notes a field that cannot be used, with what is answered when the query can.
  package mutating func refuse(with response: ServerResponse) {
    if fieldRefusal == nil { fieldRefusal = response }
  }

  /// The answer to a request that cannot be used: 422 with all that is wrong with its query, else
  /// that of a field. nil when nothing is wrong.
  package var refusal: ServerResponse? {
    guard !issues.isEmpty else { return fieldRefusal }
    return .json(ValidationIssue.body(issues), status: .unprocessableContent)
  }
}
