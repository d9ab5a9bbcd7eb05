public import Logging
import Synchronization

/// The level of all loggers that have none of their own, which can be changed while they log.
public final class LogLevelControl: Sendable {
  private let index: Atomic<Int>

  public init(_ level: Logger.Level) { index = Atomic(Self.levels.firstIndex(of: level) ?? 0) }

  public var level: Logger.Level {
    get { Self.levels[index.load(ordering: .relaxed)] }
    set { index.store(Self.levels.firstIndex(of: newValue) ?? 0, ordering: .relaxed) }
  }

  private static let levels = Logger.Level.allCases
}
