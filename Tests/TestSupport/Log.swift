import Synchronization

/// Values in the order in which they came, from any thread.
package final class Log<Value: Sendable>: Sendable {
  private let entries = Mutex<[Value]>([])

  package init() {}

  package var values: [Value] { entries.withLock { $0 } }

  package func append(_ value: Value) { entries.withLock { $0.append(value) } }
}
