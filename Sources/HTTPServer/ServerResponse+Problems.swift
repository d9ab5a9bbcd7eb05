import Bytes
package import HTTPTypes

extension ServerResponse {
  /// The project's error body: `{"detail": …}`.
  package static func problem(
    _ status: HTTPResponse.Status, detail: String, fields: [HTTPField] = []
  ) -> ServerResponse {
    var queue = ByteQueue(capacity: 64 + detail.utf8.count)
    queue.append("{\"detail\":" as StaticString)
    queue.append(json: detail)
    queue.append(UInt8(ascii: "}"))
    return .json(queue.array(), status: status, fields: fields)
  }

  package static var notFound: ServerResponse { problem(.notFound, detail: "Not Found") }

  package static var internalServerError: ServerResponse {
    problem(.internalServerError, detail: "Internal Server Error")
  }
}
