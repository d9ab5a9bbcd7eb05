package import Bytes
import CZlib

/// Compresses a stream of bytes into one gzip member (RFC 1952), with no name and no time in its
/// header: equal input gives equal output.
///
/// Holds about 260 KiB of memory. `reset` makes it ready for the next member without allocating.
package struct GzipEncoder: ~Copyable, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: the stream is reachable through this one owner only.
  // It lives at a fixed address because zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isFinished = false

  /// - Parameter level: 0 (stored) to 9 (smallest, slowest).
  package init(level: Int = 6) {
    precondition((0...9).contains(level), "the compression level is outside 0...9")
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = ostack_deflate_init_gzip(stream, Int32(level))
    // Like every allocation of Swift: there is no going on without memory.
    precondition(status == Z_OK, "zlib could not allocate its state")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Takes `bytes` in; what is compressed so far, possibly nothing, is appended to `output`.
  package mutating func encode(_ bytes: Span<UInt8>, into output: inout ByteQueue) {
    bytes.withUnsafeBufferPointer { run($0, Z_NO_FLUSH, into: &output) }
  }

  /// Appends everything taken in so far to `output`, so that the other side can decode it now, and
  /// ends on a byte boundary. Costs a few bytes each time.
  package mutating func flush(into output: inout ByteQueue) {
    run(UnsafeBufferPointer(start: nil, count: 0), Z_SYNC_FLUSH, into: &output)
  }

  /// Appends the rest of the member with its checksum to `output`. Then only `reset` may follow.
  package mutating func finish(into output: inout ByteQueue) {
    run(UnsafeBufferPointer(start: nil, count: 0), Z_FINISH, into: &output)
    isFinished = true
  }

  /// Forgets everything taken in, and is ready for a new member.
  package mutating func reset() {
    deflateReset(stream)
    isFinished = false
  }

  private mutating func run(
    _ bytes: UnsafeBufferPointer<UInt8>, _ flush: Int32, into output: inout ByteQueue
  ) {
    precondition(!isFinished, "the member is finished; reset comes first")
    var offset = 0
    repeat {
      // zlib counts in 32 bits.
      let count = min(bytes.count - offset, Int(Int32.max))
      stream.pointee.next_in = bytes.baseAddress.map { $0 + offset }
      stream.pointee.avail_in = UInt32(count)
      offset += count
      drain(flush, into: &output)
    } while offset < bytes.count
    stream.pointee.next_in = nil
  }

  /// Runs zlib until it leaves room in the output, which says that it has no more to write.
  private mutating func drain(_ flush: Int32, into output: inout ByteQueue) {
    var isFull = true
    while isFull {
      output.write(atLeast: Self.outputStepBytes) { [stream] memory in
        let room = min(memory.count, Int(Int32.max))
        stream.pointee.next_out = memory.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        // The only other outcome is Z_BUF_ERROR, "nothing to do", which is fine.
        deflate(stream, flush)
        isFull = stream.pointee.avail_out == 0
        return room - Int(stream.pointee.avail_out)
      }
    }
    stream.pointee.next_out = nil
  }

  /// Bytes of room that a step begins with. More than 6, below which zlib could repeat the marker
  /// of a flush without end.
  private static let outputStepBytes = 1_024
}
