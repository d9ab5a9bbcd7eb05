/// What one look at a hop came to.
package enum Finding: Hashable, Sendable {
  /// All that was looked for is there; says what.
  case found(String)
  /// It is not, or not yet; says what there was instead.
  case missing(String)

  /// Whether all of `wanted` are among `present`.
  static func all(of wanted: [String], in present: [String], _ things: String) -> Self {
    let absent = wanted.filter { !present.contains($0) }
    guard absent.isEmpty else { return .missing("without \(absent.joined(separator: ", "))") }
    return .found("\(present.count) \(things)")
  }
}
