/// How requests are spread over time.
package enum ArrivalPattern: String, CaseIterable, Sendable {
  /// At equal distances.
  case constant
  /// Independently of each other, as those of many people are: exponential distances.
  case poisson
}
