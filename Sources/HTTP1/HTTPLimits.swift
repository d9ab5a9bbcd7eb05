/// Every cap on a message's parts. A message that has exactly as much as a cap passes; one more is
/// refused with the status named here, before it is kept.
///
/// Byte and field counts beyond 2^30 count as 2^30, except `bodyBytesMax`, where `Int.max` means
/// no limit.
package struct HTTPLimits: Hashable, Sendable {
  /// Bytes of a request line or status line without its end. 8,192; 414 (RFC 9110 §15.5.15).
  package var requestLineBytesMax = 8_192
  /// Bytes of all field lines of a head, each with its CRLF, without the empty line that ends them.
  /// 32,768; 431 (RFC 6585 §5).
  package var fieldSectionBytesMax = 32_768
  /// Field lines of a head. 100; 431.
  package var fieldCountMax = 100
  /// Bytes of the content after the transfer coding is undone. 1 MiB; 413 (RFC 9110 §15.5.14).
  package var bodyBytesMax = 1_048_576
  /// Bytes of all chunk extensions of a message, each from its `;` (or the blank before it) to the
  /// end of its line. 4,096; 400 (RFC 9112 §7.1.1).
  package var chunkExtensionBytesMax = 4_096
  /// Bytes of the trailer section, counted like `fieldSectionBytesMax`. 8,192; 431 (RFC 9112
  /// §7.1.2).
  package var trailerBytesMax = 8_192
  /// Field lines of the trailer section. 32; 431.
  package var trailerCountMax = 32
  /// Empty lines that are skipped before a request line (RFC 9112 §2.2). 2; 400.
  package var leadingEmptyLinesMax = 2
  /// Interim responses (1xx) before a final one, which only a client sees. 16; 502.
  package var interimResponsesMax = 16

  package init() {}
}
