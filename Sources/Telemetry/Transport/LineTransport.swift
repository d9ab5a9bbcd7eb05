import Bytes
package import Sockets

/// OTLP/JSON on standard output, a line for each request (specification, "OTLP File Exporter").
package struct LineTransport: OTLPTransport {
  private let output: StandardOutput

  package init(_ output: StandardOutput) { self.output = output }

  package func send(
    _ request: OTLPRequest, deadline: MonotonicInstant
  ) async throws(OTLPTransportError) -> OTLPResponse {
    guard request.body.count < output.bufferBytesMax else {
      throw .invalidResponse("a line of \(request.body.count) bytes is too long")
    }
    // There will be room when what waits was written.
    guard output.append(request.line) else { throw .connectionFailed("it takes no more") }
    return OTLPResponse(status: 200)
  }
}

extension OTLPRequest {
  /// The body with the end of a line.
  var line: ByteQueue {
    var line = ByteQueue(capacity: body.count + 1)
    line.append(body)
    line.append(UInt8(ascii: "\n"))
    return line
  }
}
