import OTLP
import Sockets

/// Sends one request to an OTLP receiver, once, and judges the answer.
final class OTLPSender: Sendable {
  /// What became of an attempt.
  enum Attempt: Sendable {
    case delivered(rejected: Int)
    /// The receiver will never take it.
    case refused
    /// It may be taken later; the receiver may have said when.
    case failed(retryAfter: Duration?, isConnected: Bool)
    case cancelled
  }

  /// `error.type` of a request that was not sent because it is larger than one may be.
  static let tooLargeLabel = "request_too_large"

  private let configuration: OTLPExporter.Configuration
  private let transport: any OTLPTransport
  let health: ReceiverHealth
  let notices: ExportNotices

  init(
    configuration: OTLPExporter.Configuration, transport: any OTLPTransport,
    health: ReceiverHealth, log: DiagnosticLog
  ) {
    self.configuration = configuration
    self.transport = transport
    self.health = health
    notices = ExportNotices(
      endpoint: "\(configuration.otlp.endpoint)", signal: configuration.signal, log: log)
  }

  // MARK: Requests

  /// A request with a body that is in protobuf; nil when it is larger than one may be.
  func makeRequest(_ protobuf: [UInt8]) -> OTLPRequest? {
    let bytesMax = configuration.otlp.requestBytesMax
    guard let body = encoded(protobuf), body.count <= bytesMax else { return nil }
    let compressed = configuration.compress.map { $0(body) } ?? body
    guard compressed.count <= bytesMax else { return nil }
    return OTLPRequest(
      endpoint: configuration.otlp.endpoint,
      contentType: isJSON ? "application/json" : "application/x-protobuf",
      contentEncoding: configuration.compress == nil ? nil : "gzip",
      headers: configuration.otlp.headers, body: compressed,
      responseBytesMax: configuration.otlp.responseBytesMax)
  }

  /// Whether a body is larger than a request may be.
  func isTooLarge(_ protobuf: [UInt8]) -> Bool {
    encoded(protobuf)?.count ?? 0 > configuration.otlp.requestBytesMax
  }

  private var isJSON: Bool { configuration.otlp.transport == .httpJSON }

  private func encoded(_ protobuf: [UInt8]) -> [UInt8]? {
    guard isJSON else { return protobuf }
    let request: OTLPJSON.Request =
      switch configuration.signal {
      case .traces: .traces
      case .metrics: .metrics
      case .logs: .logs
      }
    return try? OTLPJSON.encode(request, protobuf: protobuf)
  }

  // MARK: Attempts

  /// Sends `request`, which has `recordCount` records.
  /// - Parameter outcome: Is set to how the attempt ended.
  func send(
    _ request: OTLPRequest, recordCount: Int, deadline: MonotonicInstant,
    _ control: ExportControl, outcome: inout ExporterStatistics.Outcome
  ) async -> Attempt {
    if Task.isCancelled { return .cancelled }
    var limit = min(deadline, control.shutdownDeadline ?? deadline)
    if let timeout = configuration.otlp.timeout { limit = min(limit, .now() + timeout) }
    let answer = await control.run {
      [transport, limit] () -> Result<OTLPResponse, OTLPTransportError> in
      do throws(OTLPTransportError) {
        return .success(try await transport.send(request, deadline: limit))
      } catch { return .failure(error) }
    }
    do throws(OTLPTransportError) {
      let response = try answer.get()
      outcome = ExporterStatistics.Outcome(
        errorType: (200..<300).contains(response.status) ? nil : "\(response.status)",
        httpStatus: response.status)
      return judge(response, recordCount: recordCount)
    } catch {
      outcome = ExporterStatistics.Outcome(errorType: error.label)
      if error == .cancelled || Task.isCancelled { return .cancelled }
      guard case .transient = RetryPolicy.classify(error) else {
        notices.refused("\(error)", key: "\(error)", records: recordCount)
        return .refused
      }
      health.failed("\(error)")
      if case .connectionFailed = error { return .failed(retryAfter: nil, isConnected: false) }
      return .failed(retryAfter: nil, isConnected: true)
    }
  }

  private func judge(_ response: OTLPResponse, recordCount: Int) -> Attempt {
    let seconds = Int(WallClock.unixNanoseconds() / 1_000_000_000)
    let retryAfter = response.retryAfter.flatMap { RetryAfter.parse($0, unixSeconds: seconds) }
    switch RetryPolicy.classify(status: response.status, retryAfter: retryAfter) {
    case .success:
      health.succeeded()
      // A success whose body cannot be read is a success.
      guard let partial = response.partialSuccess else { return .delivered(rejected: 0) }
      notices.partialSuccess(partial, of: recordCount)
      return .delivered(rejected: min(partial.rejectedCount, recordCount))
    case .transient(let retryAfter):
      health.failed("HTTP \(response.status)")
      return .failed(retryAfter: retryAfter, isConnected: true)
    case .permanent:
      health.succeeded()
      let message = response.rpcStatus.map { $0.message.isEmpty ? "" : ": " + $0.message } ?? ""
      notices.refused(
        "HTTP \(response.status)\(message)", key: "\(response.status)", records: recordCount)
      return .refused
    }
  }
}
