extension InstrumentDescription {
  /// Upper bounds that suit the duration of a request, in seconds (semantic conventions,
  /// `http.server.request.duration`).
  public static let requestSeconds = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
  ]
  /// Upper bounds that suit a database operation, in seconds (`db.client.operation.duration`).
  public static let operationSeconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
  /// Upper bounds that suit the life of a connection, in seconds
  /// (`http.client.connection.duration`).
  public static let connectionSeconds: [Double] = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
  ]

  /// The instruments of OpenTelemetry's semantic conventions that a service may have, with the
  /// units and boundaries they prescribe.
  public static let semanticConventions = httpServer + httpClient + database

  private static let httpServer = [
    InstrumentDescription(
      "http.server.request.duration", "s", "Time from a request's head to the end of its answer.",
      boundaries: requestSeconds),
    InstrumentDescription(
      "http.server.active_requests", "{request}", "Requests that are being answered.",
      meterKind: .upDownCounter, isInteger: true),
    InstrumentDescription("http.server.request.body.size", "By", "Size of request bodies."),
    InstrumentDescription("http.server.response.body.size", "By", "Size of response bodies."),
  ]

  private static let httpClient = [
    InstrumentDescription(
      "http.client.request.duration", "s", "Time from sending a request to its whole response.",
      boundaries: requestSeconds),
    InstrumentDescription(
      "http.client.active_requests", "{request}", "Requests that wait for their response.",
      meterKind: .upDownCounter, isInteger: true),
    InstrumentDescription(
      "http.client.open_connections", "{connection}", "Connections that are open, by their use.",
      meterKind: .upDownCounter, isInteger: true),
    InstrumentDescription(
      "http.client.connection.duration", "s", "Time for which connections were open.",
      boundaries: connectionSeconds),
    InstrumentDescription("http.client.request.body.size", "By", "Size of request bodies."),
    InstrumentDescription("http.client.response.body.size", "By", "Size of response bodies."),
  ]

  private static let database = [
    InstrumentDescription(
      "db.client.operation.duration", "s", "Time that a database operation took.",
      boundaries: operationSeconds)
  ]
}
