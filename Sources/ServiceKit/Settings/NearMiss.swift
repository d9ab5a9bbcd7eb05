/// Names that were probably meant to be others.
enum NearMiss {
  /// A name is near another when so few characters are missing, superfluous, wrong or swapped.
  static let distanceMax = 2

  /// The known name that `name` is nearest to; nil when it is near none. Case does not count, and
  /// short names are near only with a single slip.
  static func nearest(to name: String, among known: some Sequence<String>) -> String? {
    let count = name.utf8.count
    let bytes = Array(name.uppercased().utf8)
    var best: (name: String, distance: Int)?
    for candidate in known {
      // The lengths first: most names are told apart by them, and every start looks at them all.
      let limit = min(distanceMax, max(1, min(count, candidate.utf8.count) / 4))
      guard abs(count - candidate.utf8.count) <= limit else { continue }
      let distance = edits(bytes, Array(candidate.uppercased().utf8))
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// The names that are none of `known` but near one of them, with that one; in order.
  static func find(
    in names: some Sequence<String>, known: [String]
  ) -> [(name: String, guess: String)] {
    let exact = Set(known)
    return names.filter { !exact.contains($0) }.sorted().compactMap { name in
      nearest(to: name, among: known).map { (name, $0) }
    }
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that lead from one to the other
  /// (optimal string alignment).
  private static func edits(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      current.reserveCapacity(second.count + 1)
      for column in second.indices {
        let isSame = first[row] == second[column]
        var value = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          value = min(value, beforeLast[column - 1] + 1)
        }
        current.append(value)
      }
      beforeLast = last
      last = current
    }
    return last[second.count]
  }
}
