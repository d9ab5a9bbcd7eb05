import Bytes
import Gzip

/// Inputs that differ in how they compress.
enum Samples {
  static let all: [(name: String, bytes: [UInt8])] = [
    ("empty", []),
    ("one byte", [0x41]),
    ("text", Array("the quick brown fox jumps over the lazy dog".utf8)),
    ("JSON", json),
    ("zeros", [UInt8](repeating: 0, count: 200_000)),
    ("noise", noise(byteCount: 100_000)),
  ]

  static let json = Array(
    (0..<500).map { #"{"id":\#($0),"name":"Laptop","stock":8}"# }.joined(separator: ",").utf8)

  /// Bytes that do not compress, the same every time (xorshift64).
  static func noise(byteCount: Int) -> [UInt8] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<byteCount).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state)
    }
  }

  static func gzip(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
    var output = ByteQueue()
    Gzip.encode(bytes.span, level: level, into: &output)
    return output.array()
  }

  static func gunzip(_ bytes: [UInt8], limits: GzipLimits = GzipLimits()) throws(GzipError)
    -> [UInt8]
  {
    var output = ByteQueue()
    try Gzip.decode(bytes.span, limits: limits, into: &output)
    return output.array()
  }

  /// Feeds `parts` one after the other, each until it is consumed and nothing more comes out.
  static func gunzip(
    parts: [ArraySlice<UInt8>], atMost byteCount: Int, limits: GzipLimits = GzipLimits()
  ) throws(GzipError) -> [UInt8] {
    var decoder = GzipDecoder(limits: limits)
    var input = ByteQueue()
    var output = ByteQueue()
    for part in parts {
      input.append(part)
      while true {
        let before = output.count
        let progress = try decoder.decode(from: &input, into: &output, atMost: byteCount)
        precondition(output.count - before == progress.produced && progress.produced <= byteCount)
        if !progress.isOutputFull { break }
      }
      precondition(input.isEmpty)
    }
    try decoder.finish()
    return output.array()
  }
}

extension GzipEncoder {
  mutating func encode(_ bytes: some Collection<UInt8>, into output: inout ByteQueue) {
    let bytes = Array(bytes)
    encode(bytes.span, into: &output)
  }
}

extension GzipDecoder {
  mutating func decode(
    _ bytes: [UInt8], into output: inout ByteQueue, atMost byteCount: Int
  ) throws(GzipError) -> Progress {
    try decode(bytes.span, into: &output, atMost: byteCount)
  }
}
