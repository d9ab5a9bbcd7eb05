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

  private let idle = Mutex<[Lease]>([])
  private let level: Int
  private let countMax: Int

  init(level: Int, countMax: Int) {
    self.level = level
    self.countMax = countMax
  }

  func take() -> Lease { idle.withLock { $0.popLast() } ?? Lease(level: level) }

  func giveBack(_ lease: Lease) {
    lease.encoder.reset()
    idle.withLock { if $0.count < countMax { $0.append(lease) } }
  }

  /// `bytes` as one gzip member.
  func encode(_ bytes: [UInt8]) -> [UInt8] {
    let lease = take()
    defer { giveBack(lease) }
    var output = ByteQueue(capacity: bytes.count / 2 + 64)
    lease.encode(bytes, into: &output)
    lease.finish(into: &output)
    return output.array()
  }
}
