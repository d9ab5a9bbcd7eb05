/// One export request, ready to be sent.
package struct OTLPRequest: Sendable {
  package let endpoint: OTLPEndpoint
  /// `application/x-protobuf` or `application/json`.
  package let contentType: String
  /// `gzip`, or nil when the body is not compressed.
  package let contentEncoding: String?
  /// The configured header fields.
  package let headers: [TelemetryConfiguration.HeaderField]
  package let body: [UInt8]
  /// The largest response body that may be read.
  package let responseBytesMax: Int
}
