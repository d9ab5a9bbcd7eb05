/// What a check found, hop by hop.
package struct CheckReport: Sendable {
  package let results: [HopResult]

  package init(results: [HopResult]) { self.results = results }

  package var gaps: [HopResult] { results.filter(\.isGap) }

  /// Whether every hop that was to be asked is proven, and any was.
  package var isWhole: Bool {
    gaps.isEmpty && results.contains { if case .found = $0.outcome { true } else { false } }
  }

  /// A table of the hops, and below it where to look for each gap.
  package var text: String {
    var lines = Self.table(
      [["hop", "looked for", "result", "ms"]]
        + results.map { result in
          [result.hop.name, result.hop.looksFor, Self.word(result.outcome),
            "\(result.milliseconds)"]
        })
    lines.append("")
    for gap in gaps {
      lines.append("\(gap.hop.name): \(Self.reason(gap.outcome))")
      lines.append("  asked: \(gap.hop.asks)")
      lines.append("  look:  \(gap.hop.whereToLook)")
    }
    let proven = results.count { if case .found = $0.outcome { true } else { false } }
    let leftOut = results.count { $0.outcome == .leftOut }
    lines.append(
      "\(proven) of \(results.count) hops proven, \(gaps.count) with a gap, \(leftOut) left out")
    return lines.joined(separator: "\n")
  }

  private static func word(_ outcome: HopResult.Outcome) -> String {
    switch outcome {
    case .found(let detail): "ok: \(detail)"
    case .gap: "GAP"
    case .notAsked: "NOT ASKED: no order"
    case .leftOut: "left out"
    }
  }

  private static func reason(_ outcome: HopResult.Outcome) -> String {
    switch outcome {
    case .gap(let reason): reason
    case .notAsked: "not asked, because there is no order to ask about"
    case .found(let detail): detail
    case .leftOut: "left out"
    }
  }

  /// Columns as wide as their widest cell, but for one that is too wide for a terminal.
  private static func table(_ rows: [[String]]) -> [String] {
    let limits = [16, 44, 60, 8]
    let cut = rows.map { row in
      zip(row, limits).map { cell, limit in
        cell.count > limit ? "\(cell.prefix(limit - 1))…" : cell
      }
    }
    let widths = limits.indices.map { column in cut.map { $0[column].count }.max() ?? 0 }
    return cut.map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == limits.count - 1 ? padding + cell.0 : cell.0 + padding
      }
      return cells.joined(separator: "  ")
    }
  }
}
