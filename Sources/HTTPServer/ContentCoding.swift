import Gzip
import HTTP1
import HTTPTypes

/// gzip in both directions (RFC 9110 §8.4): compresses responses for clients that take it, and
/// decompresses requests' content, within limits.
///
/// It stands around all middleware without being one: the connection calls it, and so it costs no
/// request the price of another asynchronous call.
struct ContentCoding: Sendable {
  private let configuration: ContentCodingConfiguration
  private let encoders: GzipEncoderPool

  init(_ configuration: ContentCodingConfiguration) {
    self.configuration = configuration
    encoders = GzipEncoderPool(
      level: configuration.compressionLevel, countMax: configuration.encodersMax,
      idleMax: configuration.idleEncodersMax)
  }

  /// Has the content of `request`, which has some, decompressed.
  /// - Returns: The answer to a coding that is not known; nil when the request can be handled.
  func admit(_ request: inout ServerRequest) -> ServerResponse? {
    guard request.head.fields.contains(.contentEncoding) else { return nil }
    switch requestCoding(request.head) {
    case nil: return unsupported
    case .identity: break
    case .gzip: request.body = request.body.decompressed(configuration.requestLimits)
    }
    return nil
  }

  // MARK: Requests

  private enum Coding { case identity, gzip }

  /// - Returns: nil for a coding that is not known, and for several: nobody honest has a use.
  private func requestCoding(_ head: RequestHead) -> Coding? {
    switch head[.contentEncoding]?.lowercased() {
    case nil, "", "identity": .identity
    case "gzip", "x-gzip": .gzip
    default: nil
    }
  }

  /// RFC 9110 §15.5.16.
  private var unsupported: ServerResponse {
    .problem(
      .unsupportedMediaType, detail: "Unsupported Content-Encoding",
      fields: [HTTPField(name: .acceptEncoding, value: "gzip")])
  }

  // MARK: Responses

  /// The response as it is sent to the client that asked with `head`.
  func compressed(
    _ response: consuming ServerResponse, for head: RequestHead
  ) -> ServerResponse {
    guard isCompressible(response) else { return response }
    // Also without compression: a cache must know that it could have been otherwise.
    response.fields.append(HTTPField(name: .vary, value: "accept-encoding"))
    // For HEAD too, which must say the same as GET (RFC 9110 §9.3.2).
    guard AcceptEncoding.prefersGzip(head.fields), let body = compressed(response.body) else {
      return response
    }
    response.body = body
    response.fields.append(HTTPField(name: .contentEncoding, value: "gzip"))
    return response
  }

  /// - Returns: nil when there is nothing to compress, or nothing left to compress it with.
  private func compressed(_ body: ServerResponse.Body) -> ServerResponse.Body? {
    switch body {
    case .empty: nil
    case .bytes(let bytes): encoders.encode(bytes).map { .bytes($0) }
    case .stream(let stream): CompressedBody(encoders).map { .stream(compressed(stream, $0)) }
    }
  }

  private func compressed(_ stream: StreamedBody, _ compressed: CompressedBody) -> StreamedBody {
    StreamedBody(
      produce: { writer in
        let compressing = writer.compressing(into: compressed)
        try await stream.produce(compressing)
        try await compressing.finish()
      }, abandon: { stream.abandon() })
  }

  /// Whether it is worth it: text that is long enough and not coded already.
  private func isCompressible(_ response: ServerResponse) -> Bool {
    // The length first: it costs nothing, and most responses are short.
    guard isLong(response.body), let type = response.contentType, Self.isText(type) else {
      return false
    }
    return !response.fields.contains { $0.name == .contentEncoding }
  }

  private func isLong(_ body: ServerResponse.Body) -> Bool {
    switch body {
    case .empty: false
    case .bytes(let bytes): bytes.count >= configuration.responseBytesMin
    case .stream: true
    }
  }

  private static func isText(_ mediaType: String) -> Bool {
    // What the services send, before anything is taken apart.
    if mediaType == "application/json" { return true }
    let type = mediaType.prefix { $0 != ";" && $0 != " " }
    return type.hasPrefix("text/") || type.hasSuffix("+json") || type.hasSuffix("+xml")
      || type == "application/json" || type == "application/xml"
      || type == "application/javascript"
  }
}
