import Synchronization

/// A value that several tasks and threads note things in.
package final class Locked<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  package init(_ value: Value) { mutex = Mutex(value) }

  package var value: Value { mutex.withLock { $0 } }

  @discardableResult
  package func update<R: Sendable>(_ body: (inout Value) -> R) -> R {
    mutex.withLock { value -> R in body(&value) }
  }
}
