/// How a hop came out.
package struct HopResult: Sendable {
  package enum Outcome: Hashable, Sendable {
    case found(String)
    /// Not found within the deadline; the last reason.
    case gap(String)
    /// It could not be asked, because there is no order to ask about.
    case notAsked
    /// Whoever started the check said not to ask.
    case leftOut
  }

  package let hop: Hop
  package let outcome: Outcome
  /// From the first question to the outcome.
  package let milliseconds: Int

  /// Whether this hop is not proven.
  package var isGap: Bool {
    switch outcome {
    case .gap, .notAsked: true
    case .found, .leftOut: false
    }
  }
}
