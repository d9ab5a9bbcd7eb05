import Bytes
import Glibc
package import Sockets
import Synchronization

/// OTLP/JSON in a file, a line for each request (specification, "OTLP File Exporter"). A full file
/// becomes `<path>.1`, in place of the one that was full before.
package final class FileTransport: OTLPTransport {
  private struct State {
    /// The writer of the open file, which it closes when it ends.
    var output: StandardOutput?
    var size = 0
  }

  private let path: String
  private let fileBytesMax: Int
  private let loop: EventLoop
  private let state = Mutex(State())

  /// - Parameters:
  ///   - path: Its folder is made when it is first needed.
  ///   - fileBytesMax: Bytes behind which a new file is begun; a line is never cut.
  package init(path: String, fileBytesMax: Int = 64 << 20, loop: EventLoop) {
    self.path = path
    self.fileBytesMax = fileBytesMax
    self.loop = loop
  }

  deinit { closeFile() }

  package func send(
    _ request: OTLPRequest, deadline: MonotonicInstant
  ) async throws(OTLPTransportError) -> OTLPResponse {
    let output: StandardOutput
    do throws(SystemError) { output = try self.output(for: request.body.count + 1) } catch {
      throw .connectionFailed("\(error)")
    }
    let lost = output.droppedCount
    output.append(request.line)
    guard await output.drain(until: deadline, on: loop) else { throw .timedOut }
    guard output.droppedCount == lost else {
      closeFile()
      throw .connectionFailed("writing \(path) failed")
    }
    return OTLPResponse(status: 200)
  }

  /// The writer of a file that has room for `byteCount` bytes, or is empty.
  private func output(for byteCount: Int) throws(SystemError) -> StandardOutput {
    try state.withLock { state throws(SystemError) in
      if state.output == nil { try open(&state) }
      if state.size > 0, state.size + byteCount > fileBytesMax {
        state.output?.close()
        state.output = nil
        guard rename(path, path + ".1") == 0 else {
          throw SystemError(call: "rename \(path)", code: errno)
        }
        try open(&state)
      }
      state.size += byteCount
      guard let output = state.output else { throw SystemError(call: "open", code: EBADF) }
      return output
    }
  }

  private func open(_ state: inout State) throws(SystemError) {
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      mkdir(String(path[..<slash]), 0o755)
    }
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SystemError(call: "open \(path)", code: errno) }
    state.size = max(0, Int(lseek(descriptor, 0, SEEK_END)))
    state.output = try StandardOutput(owning: descriptor, bufferBytesMax: .max)
  }

  private func closeFile() {
    state.withLock { state in
      state.output?.close()
      state.output = nil
    }
  }
}
