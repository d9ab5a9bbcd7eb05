/// Every cap on a message's parts. A message that reaches one is refused as stated, before more of
/// it is kept.
package struct HTTPLimits: Hashable, Sendable {
  /// Bytes of the request line without its end: 414 (RFC 9110 §15.5.15).
  package var requestLineBytesMax = 8_192
  /// Bytes of all field lines of a head: 431 (RFC 6585 §5).
  package var fieldSectionBytesMax = 32_768
  /// Field lines of a head: 431.
  package var fieldCountMax = 100
  /// Bytes of the content after the transfer coding is undone: 413 (RFC 9110 §15.5.14).
  package var bodyBytesMax = 1_048_576
  /// Bytes of one chunk-size line, extensions included: 400 (RFC 9112 §7.1.1).
  package var chunkLineBytesMax = 256
  /// Bytes of the trailer section: 431 (RFC 9112 §7.1.2).
  package var trailerSectionBytesMax = 8_192
  /// Empty lines that are skipped before a request line (RFC 9112 §2.2): 400.
  package var leadingEmptyLinesMax = 2

  package init() {}
}
