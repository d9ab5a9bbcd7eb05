import Logging
import OTLP
import Sockets
import Synchronization

/// What an exporter tells the operator about answers it got; the same thing at most every five
/// minutes.
final class ExportNotices: Sendable {
  private static let repetition = Duration.seconds(300)

  private let endpoint: String
  private let records: String
  private let log: DiagnosticLog
  private let last = Mutex<[String: MonotonicInstant]>([:])

  init(endpoint: String, signal: TelemetryConfiguration.Signal, log: DiagnosticLog) {
    self.endpoint = endpoint
    self.records = signal.recordsName
    self.log = log
  }

  func refused(_ reason: String, key: String, records count: Int) {
    guard isNews("refused \(key)") else { return }
    log.log(.error, "\(endpoint) refused \(count) \(records) (\(reason)); they are lost")
  }

  func tooLarge(bytes: Int, records count: Int) {
    guard isNews("size") else { return }
    log.log(.error, "a request of \(bytes) bytes is too large to send; \(count) \(records) are lost")
  }

  func queueFull(_ count: Int, queueRecordsMax: Int) {
    guard isNews("queue") else { return }
    log.log(
      .warning,
      "\(count) \(records) are lost: \(queueRecordsMax) wait already, more are made than are sent")
  }

  func diskFailed(_ reason: String) {
    guard isNews("disk") else { return }
    log.log(.error, "\(records) that cannot be sent cannot be kept on disk (\(reason))")
  }

  func partialSuccess(_ partial: PartialSuccess, of count: Int) {
    guard isNews(partial.rejectedCount > 0 ? "partial" : "warning") else { return }
    let message = partial.message.isEmpty ? "" : ": " + partial.message
    if partial.rejectedCount > 0 {
      log.log(
        .warning,
        "\(endpoint) rejected \(partial.rejectedCount) of \(count) \(records)\(message)")
    } else {
      log.log(.notice, "\(endpoint) warns\(message)")
    }
  }

  private func isNews(_ key: String) -> Bool {
    let now = MonotonicInstant.now()
    return last.withLock { last in
      if let before = last[key], now < before + Self.repetition { return false }
      last[key] = now
      return true
    }
  }
}

extension TelemetryConfiguration.Signal {
  /// What the records of the signal are called, for people.
  package var recordsName: String {
    switch self {
    case .traces: "spans"
    case .metrics: "data points"
    case .logs: "log records"
    }
  }
}
