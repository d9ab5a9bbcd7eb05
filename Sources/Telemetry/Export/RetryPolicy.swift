package import Sockets

/// Whether and when a failed export is tried again (OTLP specification, "OTLP/HTTP Response";
/// OpenTelemetry specification, "Retry"). Pure: time and randomness are parameters.
package struct RetryPolicy: Sendable, Equatable {
  /// Pause before the first repetition.
  package var initialDelay = Duration.seconds(1)
  /// What each further pause is multiplied by.
  package var multiplier = 2.0
  /// The longest pause, before jitter.
  package var delayMax = Duration.seconds(16)
  /// Each pause is stretched or cut by up to this share of itself, at random, so that many clients
  /// do not come back together.
  package var jitter = 0.5
  /// The longest `Retry-After` that is believed.
  package var retryAfterMax = Duration.seconds(300)

  package init() {}

  package enum Outcome: Sendable, Equatable {
    case success
    /// It may work later; the receiver may have said when.
    case transient(retryAfter: Duration?)
    /// It would fail again.
    case permanent
  }

  /// What an HTTP status means: 2xx is success; 429, 502, 503 and 504 may pass; nothing else does.
  package static func classify(status: Int, retryAfter: Duration?) -> Outcome {
    switch status {
    case 200..<300: .success
    case 429, 503: .transient(retryAfter: retryAfter)
    case 502, 504: .transient(retryAfter: nil)
    default: .permanent
    }
  }

  /// What a missing answer means.
  package static func classify(_ error: OTLPTransportError) -> Outcome {
    switch error {
    case .connectionFailed, .connectionClosed, .timedOut: .transient(retryAfter: nil)
    case .invalidResponse, .cancelled: .permanent
    }
  }

  /// How long to pause.
  /// - Parameters:
  ///   - retries: How many repetitions there were.
  ///   - retryAfter: What the receiver asked for: never less than that.
  ///   - random: From 0 to below 1.
  package func delay(retries: Int, retryAfter: Duration?, random: Double) -> Duration {
    if let retryAfter, retryAfter > .zero {
      return min(retryAfter, retryAfterMax) * (1 + jitter * random / 5)
    }
    var delay = initialDelay
    for _ in 0..<retries where delay < delayMax { delay = delay * multiplier }
    return min(delay, delayMax) * (1 - jitter + 2 * jitter * random)
  }

  /// When to try again, or nil to give up.
  package func nextAttempt(
    retries: Int, retryAfter: Duration?, now: MonotonicInstant, deadline: MonotonicInstant,
    random: Double
  ) -> MonotonicInstant? {
    let next = now + delay(retries: retries, retryAfter: retryAfter, random: random)
    return next < deadline ? next : nil
  }
}
