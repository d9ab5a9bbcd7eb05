public import OTLP

/// Which instrumentation scope made a record. It is looked up when it is asked for.
public struct ScopeReference: Sendable {
  /// The index in the `ScopeTable`.
  package let index: Int
  private let table: ScopeTable

  package init(_ index: Int, in table: ScopeTable) {
    self.index = index
    self.table = table
  }

  public var scope: InstrumentationScope { table.scope(at: index) }
}
