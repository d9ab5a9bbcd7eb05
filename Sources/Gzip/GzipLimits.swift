/// How much a ``GzipDecoder`` produces before it refuses: the defence against decompression bombs.
package struct GzipLimits: Hashable, Sendable {
  /// Bytes of output that are accepted in all, over every member. One more is refused.
  package var outputBytesMax: Int
  /// How many bytes of output each byte of input may stand for, on average from the start; at
  /// least 1. Deflate itself reaches at most 1,032. Judged after every step, against the input
  /// consumed until then.
  package var ratioMax: Int
  /// Output up to this many bytes is never refused for its ratio.
  package var ratioExemptBytes: Int

  /// - Parameters:
  ///   - outputBytesMax: 10 MiB unless given.
  ///   - ratioMax: 200 unless given; repetitive JSON reaches 50 to 100.
  ///   - ratioExemptBytes: 256 KiB unless given.
  package init(
    outputBytesMax: Int = 10 << 20,
    ratioMax: Int = 200,
    ratioExemptBytes: Int = 256 << 10
  ) {
    precondition(outputBytesMax >= 0 && ratioExemptBytes >= 0, "a size is negative")
    precondition(ratioMax >= 1, "every stream has a ratio of at least one")
    self.outputBytesMax = outputBytesMax
    self.ratioMax = ratioMax
    self.ratioExemptBytes = ratioExemptBytes
  }

  /// The limit that `outputBytes` from `inputBytes` exceed.
  func exceeded(outputBytes: Int, inputBytes: Int) -> GzipError.TooLarge? {
    if outputBytes > outputBytesMax { return .outputBytes }
    if outputBytes <= ratioExemptBytes { return nil }
    let (allowed, overflow) = inputBytes.multipliedReportingOverflow(by: ratioMax)
    return !overflow && outputBytes > allowed ? .ratio : nil
  }
}
