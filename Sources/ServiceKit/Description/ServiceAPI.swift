package import APIDescription
import HTTPTypes
import Telemetry

/// What the interfaces of both services have in common.
package enum ServiceAPI {
  /// A service's interface: its own endpoints, and those of its health.
  package static func describe(
    title: String, purpose: String, tag: APIDescription.Tag, endpoints: [Endpoint],
    readinessDetails: [ReadinessDetail] = []
  ) -> APIDescription {
    APIDescription(
      title: title, version: TelemetryVersion.current, description: purpose + "\n\n" + conventions,
      tags: [tag, HealthAPI.tag],
      endpoints: endpoints + HealthAPI.endpoints(readinessDetails),
      sharedResponses: sharedResponses, errorFields: [traceField])
  }

  private static let conventions = """
    Parameters are read from the query only; of several with one name the last counts, unknown \
    ones are ignored. Integers may have blanks around them, a sign, leading zeros, single \
    underscores between digits, and a fraction of zeros.

    Every answer is JSON, errors are `{"detail": …}`. An answer with an error that reached the \
    service's code names its trace in the field `traceresponse`: tell it whoever helps you. \
    Besides what is listed, a path that does not exist gets 404, a method that it has not 405 with \
    `Allow`, a trailing slash 307 to the path without it. HEAD is answered as GET without the \
    content, OPTIONS with 204 and `Allow`.
    """

  /// W3C Trace Context's field for responses, as its working draft has it.
  private static let traceField = ResponseDescription.Field(
    "traceresponse", isRequired: false,
    schema: .text(pattern: "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"),
    description: """
      The trace of this request: version, trace id, span id, flags. Absent without telemetry.
      """,
    example: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")

  /// What HTTP itself answers, before any endpoint is asked.
  private static let sharedResponses: [ResponseDescription] = [
    .problem(
      .badRequest, "Malformed HTTP; the connection is closed.", details: ["Bad Request"]),
    .problem(
      .requestTimeout, "The request took too long to arrive; the connection is closed.",
      details: ["Request Timeout"]),
    .problem(
      .contentTooLarge, "More content than is taken; the connection is closed.",
      details: ["Content Too Large"]),
    .problem(
      .uriTooLong, "A request line longer than is taken; the connection is closed.",
      details: ["URI Too Long"]),
    .problem(
      .unsupportedMediaType, "Content in a coding other than gzip.",
      details: ["Unsupported Content-Encoding"],
      fields: [
        ResponseDescription.Field(
          "Accept-Encoding", isRequired: true, schema: .constant("gzip"),
          description: "The codings that are taken.", example: "gzip")
      ]),
    .problem(
      .expectationFailed, "An expectation other than `100-continue`; the connection is closed.",
      details: ["Expectation Failed"]),
    .problem(
      .requestHeaderFieldsTooLarge,
      "More fields, or larger ones, than are taken; the connection is closed.",
      details: ["Request Header Fields Too Large"]),
    .problem(
      .notImplemented, "A transfer coding other than `chunked`; the connection is closed.",
      details: ["Not Implemented"]),
    .problem(
      .httpVersionNotSupported, "A version other than 1.x; the connection is closed.",
      details: ["HTTP Version Not Supported"]),
  ]
}
