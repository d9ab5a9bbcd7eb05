/// The descriptions of instruments, by name.
struct InstrumentCatalog: Sendable {
  private var byName: [String: InstrumentDescription]

  /// The semantic conventions', and a program's own, which beat them.
  init(_ own: [InstrumentDescription]) {
    byName = Dictionary(
      (InstrumentDescription.semanticConventions + own).map { ($0.name.lowercased(), $0) },
      uniquingKeysWith: { _, last in last })
  }

  subscript(name: String) -> InstrumentDescription? { byName[name] ?? byName[name.lowercased()] }
}
