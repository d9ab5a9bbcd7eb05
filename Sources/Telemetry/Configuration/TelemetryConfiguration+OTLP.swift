package import HTTPClient
import HTTPTypes

extension TelemetryConfiguration {
  /// One of the three kinds of telemetry.
  public enum Signal: String, Sendable, CaseIterable {
    case traces
    case metrics
    case logs
  }

  /// How one signal is sent over OTLP (specification, "OTLP Exporter Configuration").
  ///
  /// Each variable exists per signal (`OTEL_EXPORTER_OTLP_TRACES_TIMEOUT`) and for all signals
  /// (`OTEL_EXPORTER_OTLP_TIMEOUT`); the one for the signal wins.
  public struct OTLP: Sendable, Equatable {
    /// The full URL of the signal. `OTEL_EXPORTER_OTLP_ENDPOINT` is a base URL to which
    /// `v1/traces`, `v1/metrics` or `v1/logs` is appended, default `http://localhost:4318`; a
    /// signal's own variable is used as it is.
    public var endpoint: OTLPEndpoint
    /// `…_PROTOCOL`, default `http/protobuf`.
    public var transport = OTLPProtocol.httpProtobuf
    /// Header fields that every request carries, names in lower case.
    /// `…_HEADERS`, `name=value,name=value` with percent-encoded values; default none.
    public var headers: [HeaderField] = []
    /// `…_COMPRESSION`, `gzip` or `none`, default `none`.
    public var compression = OTLPCompression.none
    /// The longest that one attempt to export may take; `nil` is no limit.
    /// `…_TIMEOUT`, default 10,000 ms, `0` for no limit.
    public var timeout: Duration? = .seconds(10)
    /// A PEM file with the certificates that are trusted, instead of the system's.
    /// `…_CERTIFICATE`, default none.
    public var trustedCertificatesFile: String?
    /// A PEM file with this client's certificate chain. `…_CLIENT_CERTIFICATE`, default none.
    public var clientCertificateFile: String?
    /// A PEM file with this client's private key. `…_CLIENT_KEY`, default none.
    public var clientKeyFile: String?
    /// The proxies that requests go through. `http_proxy`, `https_proxy`, `all_proxy` and
    /// `no_proxy`, as ``HTTPProxies/init(environment:)`` reads them; default none.
    package var proxies = HTTPProxies()
    /// The largest request body that is sent, before and after compression; a larger one is
    /// counted as dropped. No variable, default 64 MiB.
    public var requestBytesMax = 64 << 20
    /// The largest response body that is read. No variable, default 4 MiB.
    public var responseBytesMax = 4 << 20

    /// The defaults for `signal`.
    public init(signal: Signal) {
      endpoint = OTLPEndpoint.localCollector.appending(signal)
    }
  }

  /// A header field of an OTLP request; `name` is in lower case.
  public struct HeaderField: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }

    /// Whether it can be a field of a request, and is not one that the exporter or its client sets.
    var isSendable: Bool {
      HTTPField.Name(name) != nil && HTTPField.isValidValue(value) && !Self.reserved.contains(name)
    }

    private static let reserved: Set = [
      "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "host",
      "transfer-encoding",
    ]
  }

  /// The encodings of OTLP that this version speaks.
  public enum OTLPProtocol: String, Sendable, EnvironmentChoice {
    case httpProtobuf = "http/protobuf"
    case httpJSON = "http/json"
  }

  public enum OTLPCompression: String, Sendable, EnvironmentChoice {
    case none
    case gzip
  }
}
