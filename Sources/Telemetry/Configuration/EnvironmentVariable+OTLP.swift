extension EnvironmentVariable {
  private typealias OTLP = TelemetryConfiguration.OTLP

  private static let prefix = "OTEL_EXPORTER_OTLP"
  private static let signals: [(TelemetryConfiguration.Signal, SettingPath<OTLP>)] = [
    (.traces, settings.traces.otlp), (.metrics, settings.metrics.otlp), (.logs, settings.logs.otlp),
  ]
  private static let paths = signals.map(\.1)

  /// For all signals.
  static let otlp: [EnvironmentVariable] =
    [
      Self(
        "\(prefix)_ENDPOINT", values: "URL", default: "http://localhost:4318",
        "receiver, to whose path `v1/traces`, `v1/metrics` or `v1/logs` is added",
        read: { reader, configuration in
          guard let base = reader.endpoint("\(prefix)_ENDPOINT") else { return }
          for (signal, path) in signals {
            path.endpoint.set(&configuration, base.appending(signal))
          }
        })
    ] + options(prefix, paths)

  /// For one signal; these beat those for all.
  static func otlp(
    _ signal: TelemetryConfiguration.Signal, _ path: SettingPath<TelemetryConfiguration.OTLP>
  ) -> [EnvironmentVariable] {
    let prefix = "\(prefix)_\(signal.rawValue.uppercased())"
    let name = "\(prefix)_ENDPOINT"
    let own = OTLP(signal: signal)
    let endpoint = Self(
      name, values: "URL", default: "\(own.endpoint)",
      "receiver of \(signal.rawValue), used as it is"
    ) {
      if let endpoint = $0.endpoint(name) { path.endpoint.set(&$1, endpoint) }
    }
    return [endpoint] + options(prefix, [path])
  }

  private static func options(
    _ prefix: String, _ paths: [SettingPath<OTLP>]
  ) -> [EnvironmentVariable] {
    [
      .choice(
        "\(prefix)_PROTOCOL", paths.map { $0.transport },
        "encoding of requests, which go over HTTP"),
      headers("\(prefix)_HEADERS", paths),
      .choice(
        "\(prefix)_COMPRESSION", paths.map { $0.compression },
        "compression of requests"),
      .timeout(
        "\(prefix)_TIMEOUT", paths.map { $0.timeout },
        "longest time that one attempt to send may take"),
      .file(
        "\(prefix)_CERTIFICATE", paths.map { $0.trustedCertificatesFile },
        "PEM file with the certificates to trust, instead of the system's"),
      .file(
        "\(prefix)_CLIENT_CERTIFICATE", paths.map { $0.clientCertificateFile },
        "PEM file with this client's certificate chain"),
      .file(
        "\(prefix)_CLIENT_KEY", paths.map { $0.clientKeyFile },
        "PEM file with this client's private key"),
    ]
  }

  private static func headers(_ name: String, _ paths: [SettingPath<OTLP>]) -> EnvironmentVariable {
    Self(
      name, values: "`name=value,…`, percent-encoded", default: "",
      "header fields that every request carries"
    ) { reader, configuration in
      let fields = reader.pairs(name).map {
        TelemetryConfiguration.HeaderField(name: $0.name.lowercased(), value: $0.value)
      }
      guard !fields.isEmpty else { return }
      let sendable = fields.filter(\.isSendable)
      if sendable.count < fields.count {
        // Any part of what is malformed may be a secret, so it is not shown.
        let count = fields.count - sendable.count
        reader.warn(name, "\(count) of \(fields.count) cannot be sent as header fields; left out")
      }
      for path in paths { path.headers.set(&configuration, sendable) }
    }
  }
}

extension EnvironmentReader {
  fileprivate mutating func endpoint(_ name: String) -> OTLPEndpoint? {
    guard let text = text(name) else { return nil }
    do throws(OTLPEndpoint.Invalid) {
      return try OTLPEndpoint(parsing: text)
    } catch {
      // What stands before an @ may be a password, whatever else is wrong.
      let shown = text.utf8.contains(UInt8(ascii: "@")) ? "the URL" : "'\(text)'"
      warn(name, "\(shown) \(error.rawValue); left out")
      return nil
    }
  }
}
