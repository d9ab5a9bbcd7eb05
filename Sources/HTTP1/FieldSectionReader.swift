/// Reads field lines up to the empty line that ends them, as they come.
struct FieldSectionReader {
  private let bytesMax: Int
  private let countMax: Int
  private let tooLarge: HTTPProtocolError
  private let tooMany: HTTPProtocolError

  /// The fields of a head.
  init(head limits: HTTPLimits) {
    bytesMax = min(limits.fieldSectionBytesMax, 1 << 30)
    countMax = limits.fieldCountMax
    tooLarge = .fieldsTooLarge
    tooMany = .tooManyFields
  }

  /// The fields of a trailer section.
  init(trailers limits: HTTPLimits) {
    bytesMax = min(limits.trailerBytesMax, 1 << 30)
    countMax = limits.trailerCountMax
    tooLarge = .trailersTooLarge
    tooMany = .tooManyTrailers
  }

  /// Reads what is there.
  /// - Parameters:
  ///   - sectionStart: Where the section begins.
  ///   - note: Judges each line.
  /// - Returns: Whether the section is complete; then `lines` is behind its empty line.
  @inline(__always)
  func read(
    _ bytes: Span<UInt8>, _ lines: inout LineReader, sectionStart: Int = 0,
    into storage: HeadStorage, note: (FieldSlice) throws(HTTPProtocolError) -> Void
  ) throws(HTTPProtocolError) -> Bool {
    while true {
      let contentBytesMax = bytesMax - (lines.lineStart - sectionStart) - 2
      guard
        let line = try lines.next(bytes, contentBytesMax: contentBytesMax, tooLong: tooLarge)
      else { return false }
      if line.isEmpty { return true }
      guard storage.fieldCount < countMax else { throw tooMany }
      let field = try FieldLineParser.parse(bytes, line)
      try note(field)
      storage.append(field)
    }
  }
}
