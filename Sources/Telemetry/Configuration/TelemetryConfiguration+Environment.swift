import HTTPClient

extension TelemetryConfiguration {
  /// Takes over what the environment says, by the variables of ``EnvironmentVariable`` and those
  /// that name proxies.
  /// - Returns: What could not be used.
  public mutating func apply(environment: [String: String]) -> [ConfigurationWarning] {
    var reader = EnvironmentReader(environment)
    for variable in EnvironmentVariable.all { variable.read(&reader, &self) }
    do throws(HTTPProxyError) {
      let proxies = try HTTPProxies(environment: environment)
      traces.otlp.proxies = proxies
      metrics.otlp.proxies = proxies
      logs.otlp.proxies = proxies
    } catch {
      reader.warn(error.variable, "\(error.reason); no proxy is used")
    }
    return reader.warnings
  }
}
