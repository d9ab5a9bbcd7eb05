import HTTPTypes

/// Status lines (RFC 9112 §4) of the responses that are sent often, whole.
enum StatusLines {
  @inline(__always)
  static func whole(_ code: Int) -> StaticString? {
    switch code {
    case 200: "HTTP/1.1 200 OK\r\n"
    case 201: "HTTP/1.1 201 Created\r\n"
    case 202: "HTTP/1.1 202 Accepted\r\n"
    case 204: "HTTP/1.1 204 No Content\r\n"
    case 304: "HTTP/1.1 304 Not Modified\r\n"
    case 307: "HTTP/1.1 307 Temporary Redirect\r\n"
    case 400: "HTTP/1.1 400 Bad Request\r\n"
    case 404: "HTTP/1.1 404 Not Found\r\n"
    case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
    case 408: "HTTP/1.1 408 Request Timeout\r\n"
    case 413: "HTTP/1.1 413 Content Too Large\r\n"
    // The phrase that clients of the service know; RFC 9110 has Unprocessable Content.
    case 422: "HTTP/1.1 422 Unprocessable Entity\r\n"
    case 429: "HTTP/1.1 429 Too Many Requests\r\n"
    case 500: "HTTP/1.1 500 Internal Server Error\r\n"
    case 503: "HTTP/1.1 503 Service Unavailable\r\n"
    default: nil
    }
  }
}
