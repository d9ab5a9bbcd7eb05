import TLS

/// Certificates in PEM form: used or refused, and a refusal leaves nothing behind that a later one
/// could be mistaken for.
enum PEMTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let first = outcome(bytes)
    // A context is costly to make; one input in eight is tried again.
    var generator = SeededGenerator(hashing: bytes)
    guard generator.below(8) == 0 else { return }
    _ = outcome([0x2D])
    try requireEqual(outcome(bytes), first, "the second time")
    // The text around certificates means nothing (RFC 7468 §2).
    guard first == nil else { return }
    try requireEqual(outcome(Array("Subject: a\n".utf8) + bytes), nil, "with text")
  }

  /// Why the bytes are refused, nil when they are not.
  private static func outcome(_ bytes: [UInt8]) -> TLSError? {
    let trust = TLSTrust.authorities(.bytes(bytes))
    do throws(TLSError) {
      _ = try TLSClientContext(TLSClientConfiguration(verification: .full(trust)))
      return nil
    } catch {
      return error
    }
  }
}
