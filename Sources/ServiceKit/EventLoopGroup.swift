package import Sockets

/// The event loops of a service.
package enum EventLoopGroup {
  /// - Throws: `SettingError` when the system gives no threads or descriptors for them.
  package static func make(count: Int) throws(SettingError) -> [EventLoop] {
    var loops: [EventLoop] = []
    for index in 0..<count {
      do throws(SystemError) {
        loops.append(try EventLoop(name: "loop-\(index)"))
      } catch {
        throw SettingError("EVENT_LOOPS", "cannot start \(count) event loops: \(error)")
      }
    }
    return loops
  }
}
