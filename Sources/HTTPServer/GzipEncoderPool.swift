import Bytes
import Gzip
import Synchronization

/// Encoders for the responses of all loops: making one costs as much as compressing a page.
final class GzipEncoderPool: Sendable {
  /// An encoder in use, by one task at a time.
  final class Lease: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: it is either in the pool, where nobody uses it, or in the
    // hands of the one response that took it.
    fileprivate(set) var encoder: GzipEncoder

    init(level: Int) { encoder = GzipEncoder(level: level) }

    /// See ``GzipEncoder/encode(_:into:)``.
    func encode(_ bytes: [UInt8], into output: inout ByteQueue) {
      encoder.encode(bytes.span, into: &output)
    }

    /// See ``GzipEncoder/finish(into:)``.
    func finish(into output: inout ByteQueue) { encoder.finish(into: &output) }
  }

  private struct State {
    var idle: [Lease] = []
    /// In the hands of responses.
    var leasedCount = 0
  }

  private let state = Mutex(State())
  private let level: Int
  private let countMax: Int
  private let idleMax: Int

  /// - Parameters:
  ///   - countMax: Encoders in use at once.
  ///   - idleMax: Encoders that are kept for the next response.
  init(level: Int, countMax: Int, idleMax: Int) {
    self.level = level
    self.countMax = countMax
    self.idleMax = idleMax
  }

  /// - Returns: nil when as many as allowed are in use.
  func take() -> Lease? {
    let (mayTake, lease) = state.withLock { state -> (Bool, Lease?) in
      guard state.leasedCount < countMax else { return (false, nil) }
      state.leasedCount += 1
      return (true, state.idle.popLast())
    }
    return mayTake ? lease ?? Lease(level: level) : nil
  }

  func giveBack(_ lease: Lease) {
    lease.encoder.reset()
    state.withLock { state in
      state.leasedCount -= 1
      if state.idle.count < idleMax { state.idle.append(lease) }
    }
  }

  /// `bytes` as one gzip member.
  /// - Returns: nil when as many encoders as allowed are in use.
  func encode(_ bytes: [UInt8]) -> [UInt8]? {
    guard let lease = take() else { return nil }
    defer { giveBack(lease) }
    var output = ByteQueue(capacity: bytes.count / 2 + 64)
    lease.encode(bytes, into: &output)
    lease.finish(into: &output)
    return output.array()
  }
}
