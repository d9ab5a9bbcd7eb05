/// A callback that was registered with a meter.
package struct CallbackRegistration: Sendable {
  let list: CallbackList
  let id: Int

  /// From the next collection on the callback is not called any more.
  package func cancel() { list.remove(id) }
}
