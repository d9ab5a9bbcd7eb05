/// A callback that was registered with a meter.
public struct CallbackRegistration: Sendable {
  let list: CallbackList
  let id: Int

  /// From the next collection on the callback is not called any more.
  public func cancel() { list.remove(id) }
}
