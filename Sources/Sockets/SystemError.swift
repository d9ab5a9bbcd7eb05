import Glibc

/// A system call that failed, and why (POSIX `errno`).
package struct SystemError: Error, Hashable, CustomStringConvertible {
  /// The call's name, for example `bind`.
  package let call: String
  /// The value of `errno`.
  package let code: Int32

  package init(call: String, code: Int32) {
    self.call = call
    self.code = code
  }

  /// For example `bind: Address already in use`.
  package var description: String { "\(call): \(reason)" }

  /// The reason alone, as `strerror` words it.
  package var reason: String {
    var buffer = [CChar](repeating: 0, count: 128)
    return buffer.withUnsafeMutableBufferPointer { memory in
      guard let start = memory.baseAddress, strerror_r(code, start, memory.count) == 0 else {
        return "error \(code)"
      }
      return String(validatingCString: start) ?? "error \(code)"
    }
  }

  package var isAddressInUse: Bool { code == EADDRINUSE }

  /// Whether the process or the system is out of descriptors or memory for them: it passes.
  package var isResourceShortage: Bool {
    code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM
  }

  /// Whether the peer ended the connection, which no side did wrong.
  package var isDisconnect: Bool { code == ECONNRESET || code == EPIPE || code == ENOTCONN }
}
