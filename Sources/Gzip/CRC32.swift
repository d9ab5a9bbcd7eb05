import CZlib

/// The checksum of RFC 1952 §8.
package enum CRC32 {
  /// - Returns: The checksum of all of `bytes`; 0 for none.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return 0 }
    let first = start.assumingMemoryBound(to: UInt8.self)
    return UInt32(truncatingIfNeeded: crc32_z(0, first, bytes.count))
  }
}
