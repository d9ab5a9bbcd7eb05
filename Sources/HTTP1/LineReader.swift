/// Finds the lines of a head without looking at a byte twice.
///
/// What it says depends on the bytes alone, never on how they were cut: a line is too long as soon
/// as so many bytes have come without an LF, and is judged only when it is complete.
struct LineReader {
  /// Where the present line begins.
  private(set) var lineStart = 0
  /// Up to here there is no LF in the present line.
  private(set) var searched = 0
  /// All bytes ever looked at, the witness that this work is linear.
  private(set) var examinedByteCount = 0

  /// The next line without its CRLF; nil when it is not all there.
  /// - Parameters:
  ///   - contentBytesMax: How long the line may be; when negative, only an empty line passes.
  ///   - tooLong: What to throw when it is longer.
  /// - Throws: `tooLong`; `badLineEnd` for a bare LF (RFC 9112 §2.2 lets a recipient accept one:
  ///   where readers differ on that, requests are smuggled).
  @inline(__always)
  mutating func next(
    _ bytes: Span<UInt8>, contentBytesMax: Int, tooLong: HTTPProtocolError
  ) throws(HTTPProtocolError) -> Range<Int>? {
    let windowEnd = lineStart + max(contentBytesMax, 0) + 2
    let searchEnd = min(bytes.count, windowEnd)
    guard let lineFeed = ByteSearch.firstLineFeed(bytes, in: searched..<searchEnd) else {
      examinedByteCount &+= searchEnd - searched
      searched = searchEnd
      if searchEnd == windowEnd { throw tooLong }
      return nil
    }
    examinedByteCount &+= lineFeed + 1 - searched
    guard lineFeed > lineStart, bytes[lineFeed - 1] == UInt8(ascii: "\r") else {
      throw .badLineEnd
    }
    let line = lineStart..<(lineFeed - 1)
    lineStart = lineFeed + 1
    searched = lineStart
    return line
  }

  /// Begins again at the front of the bytes, which were consumed up to the present line.
  mutating func restart() {
    lineStart = 0
    searched = 0
  }
}
