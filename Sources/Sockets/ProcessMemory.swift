import CLinux

/// The memory of the process.
package enum ProcessMemory {
  /// Gives what was freed back to the system, soon: the C library keeps it otherwise, as much as it
  /// ever was. From any thread.
  package static func giveBack() {
    // Without a thread for it, it is kept until the next time.
    _ = clinux_give_back_memory()
  }
}
