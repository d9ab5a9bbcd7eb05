package import Bytes
import CZlib

/// Decompresses a stream of gzip members (RFC 1952 §2.2), a step at a time; refuses every other
/// format.
///
/// Output is handed out before the checksum behind it was seen. It is good only when `finish`
/// returned: whoever acts on it earlier must be able to take that back.
/// Holds about 7 KiB, and 32 KiB more once a member is longer than one step.
package struct GzipDecoder: ~Copyable, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: the stream is reachable through this one owner only.
  // It lives at a fixed address because zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>
  private let limits: GzipLimits
  private var position = Position.magic(0)
  private var members = 0
  private var failure: GzipError?

  /// Bytes of input consumed so far.
  package private(set) var inputBytes = 0
  /// Bytes of output produced so far.
  package private(set) var outputBytes = 0

  /// Where in a member the input stands.
  private enum Position: Equatable {
    /// So many bytes of the magic number were seen.
    case magic(Int)
    case inside
  }

  /// What one step did.
  package struct Progress: Hashable, Sendable {
    /// Bytes consumed from the front of the input.
    package var consumed: Int
    /// Bytes appended to the output.
    package var produced: Int
    /// The output bound was reached: there may be more without further input.
    package var isOutputFull: Bool
  }

  package init(limits: GzipLimits = GzipLimits()) {
    self.limits = limits
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = ostack_inflate_init_gzip(stream)
    // Like every allocation of Swift: there is no going on without memory.
    precondition(status == Z_OK, "zlib could not allocate its state")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Decodes from the front of `input` and appends to `output`, until the input is consumed or
  /// `byteCount` bytes were appended.
  /// - Parameter byteCount: At least 1. Bounds the memory that a step can cost.
  /// - Throws: Any ``GzipError`` but `truncated`; from then on always the same. A step that throws
  ///   appends nothing.
  package mutating func decode(
    _ input: Span<UInt8>, into output: inout ByteQueue, atMost byteCount: Int
  ) throws(GzipError) -> Progress {
    precondition(byteCount >= 1, "a step must be able to produce something")
    if let failure { throw failure }
    var progress = Progress(consumed: 0, produced: 0, isOutputFull: false)
    let outputCount = output.count
    do throws(GzipError) {
      try input.withUnsafeBufferPointer { bytes throws(GzipError) in
        try run(bytes, into: &output, atMost: byteCount, &progress)
      }
    } catch {
      output.truncate(to: outputCount)
      failure = error
      throw error
    }
    return progress
  }

  /// As `decode(_:into:atMost:)`, and drops what it consumed from `input`.
  package mutating func decode(
    from input: inout ByteQueue, into output: inout ByteQueue, atMost byteCount: Int
  ) throws(GzipError) -> Progress {
    let progress = try input.withBytes { bytes throws(GzipError) in
      try decode(bytes, into: &output, atMost: byteCount)
    }
    input.consume(progress.consumed)
    return progress
  }

  /// States that there is no more input.
  /// - Throws: `truncated` unless the input ended with a complete member; or what `decode` threw.
  package func finish() throws(GzipError) {
    if let failure { throw failure }
    if members == 0 || position != .magic(0) { throw .truncated }
  }

  private mutating func run(
    _ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteQueue, atMost byteCount: Int,
    _ progress: inout Progress
  ) throws(GzipError) {
    while !progress.isOutputFull {
      try readMagic(bytes, &progress)
      guard case .inside = position else { return }
      let hasRoom = try step(bytes, into: &output, atMost: byteCount, &progress)
      progress.isOutputFull = progress.produced == byteCount
      // Behind a complete member the next one may stand.
      if position == .inside, hasRoom, progress.consumed == bytes.count { return }
    }
  }

  /// Checks the two bytes that begin each member before zlib sees them: zlib does not tell a bad
  /// magic number behind a member from corruption inside one.
  private mutating func readMagic(
    _ bytes: UnsafeBufferPointer<UInt8>, _ progress: inout Progress
  ) throws(GzipError) {
    while case .magic(let seen) = position, progress.consumed < bytes.count {
      guard bytes[progress.consumed] == (seen == 0 ? 0x1F : 0x8B) else {
        throw members == 0 ? .notGzip : .trailingGarbage
      }
      progress.consumed += 1
      inputBytes += 1
      position = seen == 0 ? .magic(1) : .inside
      if seen == 1 { try beginMember() }
    }
  }

  /// Readies zlib for a member, and hands it the magic number that was checked already.
  private mutating func beginMember() throws(GzipError) {
    inflateReset(stream)
    let magic: InlineArray<2, UInt8> = [0x1F, 0x8B]
    var unused: UInt8 = 0
    let status = withUnsafeMutableBytes(of: &unused) { output in
      magic.span.withUnsafeBufferPointer { inflateOnce($0, output) }
    }
    try judge(status)
  }

  /// Lets zlib run once over the rest of `bytes`.
  /// - Returns: Whether it left room in the output, and so has no more without further input.
  private mutating func step(
    _ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteQueue, atMost byteCount: Int,
    _ progress: inout Progress
  ) throws(GzipError) -> Bool {
    let input = UnsafeBufferPointer(rebasing: bytes[progress.consumed...])
    // One byte more than the limit allows shows that the limit is exceeded.
    let allowed = limits.outputBytesMax - outputBytes
    let wanted = min(byteCount - progress.produced, allowed == .max ? allowed : allowed + 1)
    // Most data needs far less than the bound: memory grows only as it shows that it does not.
    let likely = max(Self.outputStepBytes, min(input.count, Int(Int32.max)) * 4)
    var status = Z_OK
    let produced = output.write(atLeast: min(wanted, likely)) { memory in
      let room = UnsafeMutableRawBufferPointer(rebasing: memory.prefix(wanted))
      status = inflateOnce(input, room)
      return min(room.count, Int(Int32.max)) - Int(stream.pointee.avail_out)
    }
    let consumed = min(input.count, Int(Int32.max)) - Int(stream.pointee.avail_in)
    progress.consumed += consumed
    progress.produced += produced
    inputBytes += consumed
    outputBytes += produced
    if let limit = limits.exceeded(outputBytes: outputBytes, inputBytes: inputBytes) {
      throw .tooLarge(limit)
    }
    try judge(status)
    return stream.pointee.avail_out > 0
  }

  /// zlib counts in 32 bits, so it is given at most 2 GiB of either.
  private func inflateOnce(
    _ input: UnsafeBufferPointer<UInt8>, _ output: UnsafeMutableRawBufferPointer
  ) -> Int32 {
    stream.pointee.next_in = input.baseAddress
    stream.pointee.avail_in = UInt32(min(input.count, Int(Int32.max)))
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(min(output.count, Int(Int32.max)))
    defer {
      stream.pointee.next_in = nil
      stream.pointee.next_out = nil
    }
    return inflate(stream, Z_NO_FLUSH)
  }

  private mutating func judge(_ status: Int32) throws(GzipError) {
    switch status {
    case Z_OK, Z_BUF_ERROR:
      return  // Z_BUF_ERROR: nothing to do without more input or room.
    case Z_STREAM_END:
      members += 1
      position = .magic(0)
    case Z_MEM_ERROR:
      preconditionFailure("zlib could not allocate its window")
    default:
      throw Self.error(stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)")
    }
  }

  private static func error(_ reason: String) -> GzipError {
    switch reason {
    case "incorrect data check": .badChecksum
    case "incorrect length check": .badLength
    default: .corrupt(reason: reason)
    }
  }

  private static let outputStepBytes = 1_024
}
