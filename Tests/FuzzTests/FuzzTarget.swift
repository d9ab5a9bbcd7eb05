/// A parser of outside bytes, and what must be so for every input.
struct FuzzTarget: Sendable, CustomStringConvertible {
  /// Also the name of its folder in `Corpus`.
  let name: String
  /// Throws when the invariants, which `docs/fuzzing.md` states, do not hold for the bytes. Bytes
  /// that the parser refuses are in order; only a trap, a hang or a throw is a find.
  let check: @Sendable ([UInt8]) throws(BrokenInvariant) -> Void

  var description: String { name }

  static let all = [
    FuzzTarget(name: "accept-encoding", check: AcceptEncodingTarget.check),
    FuzzTarget(name: "authority", check: AuthorityTarget.check),
    FuzzTarget(name: "baggage", check: BaggageTarget.check),
    FuzzTarget(name: "chunked", check: ChunkedTarget.check),
    FuzzTarget(name: "gzip", check: GzipTarget.check),
    FuzzTarget(name: "http-date", check: HTTPDateTarget.check),
    FuzzTarget(name: "integer", check: IntegerTarget.check),
    FuzzTarget(name: "inventory-json", check: InventoryJSONTarget.check),
    FuzzTarget(name: "log-line", check: LogLineTarget.check),
    FuzzTarget(name: "otel-environment", check: EnvironmentTarget.check),
    FuzzTarget(name: "otlp-json", check: OTLPJSONTarget.check),
    FuzzTarget(name: "otlp-response", check: OTLPResponseTarget.check),
    FuzzTarget(name: "pem", check: PEMTarget.check),
    FuzzTarget(name: "percent-encoding", check: PercentEncodingTarget.check),
    FuzzTarget(name: "query", check: QueryTarget.check),
    FuzzTarget(name: "request", check: RequestTarget.check),
    FuzzTarget(name: "response", check: ResponseTarget.check),
    FuzzTarget(name: "s3-listing", check: S3ListingTarget.check),
    FuzzTarget(name: "socket-address", check: SocketAddressTarget.check),
    FuzzTarget(name: "spool", check: SpoolTarget.check),
    FuzzTarget(name: "tls-server", check: TLSServerTarget.check),
    FuzzTarget(name: "trace-context", check: TraceContextTarget.check),
    FuzzTarget(name: "url", check: URLTarget.check),
  ]

  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
