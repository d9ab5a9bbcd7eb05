import HTTP1

/// Reads a chunked body that is there as a whole, line by line, with no eye on speed.
struct ChunkedOracle {
  enum Outcome { case complete, incomplete, malformed }

  private(set) var outcome = Outcome.incomplete
  private(set) var body: [UInt8] = []
  /// Lines `name: value`.
  private(set) var trailers: [String] = []
  private var rest: ArraySlice<UInt8>
  private var extensionBytes = 0
  private let limits: HTTPLimits

  init(_ bytes: [UInt8], limits: HTTPLimits) {
    rest = bytes[...]
    self.limits = limits
    outcome = readChunks()
  }

  private enum Line { case whole(ArraySlice<UInt8>), cut, malformed }

  /// The next line without its end.
  private mutating func line() -> Line {
    guard let end = rest.firstIndex(of: 0x0A) else { return .cut }
    let line = rest[..<end]
    rest = rest[(end + 1)...]
    return line.last == 0x0D ? .whole(line.dropLast()) : .malformed
  }

  private mutating func readChunks() -> Outcome {
    while true {
      switch line() {
      case .cut: return .incomplete
      case .malformed: return .malformed
      case .whole(let line):
        guard let size = size(line), size <= limits.bodyBytesMax - body.count else {
          return .malformed
        }
        if size == 0 { return readTrailers() }
        body += rest.prefix(size)
        if rest.count < size { return .incomplete }
        rest = rest.dropFirst(size)
        if rest.count < 2 { return .incomplete }
        guard rest.starts(with: [0x0D, 0x0A]) else { return .malformed }
        rest = rest.dropFirst(2)
      }
    }
  }

  /// `chunk-size [ chunk-ext ]`
  private mutating func size(_ line: ArraySlice<UInt8>) -> Int? {
    let digits = line.prefix { ByteSet.hexadecimal.contains($0) }
    guard digits.count <= 16, let size = Int(digits.text, radix: 16) else { return nil }
    let behind = line[digits.endIndex...]
    extensionBytes += behind.count
    guard extensionBytes <= limits.chunkExtensionBytesMax else { return nil }
    let unblanked = behind.drop { $0 == 0x20 || $0 == 0x09 }
    guard behind.isEmpty || unblanked.first == UInt8(ascii: ";") else { return nil }
    return behind.allSatisfy(ByteSet.isFieldValue) ? size : nil
  }

  private mutating func readTrailers() -> Outcome {
    var byteCount = 0
    while true {
      switch line() {
      case .cut: return .incomplete
      case .malformed: return .malformed
      case .whole(let line):
        if line.isEmpty { return .complete }
        byteCount += line.count + 2
        guard byteCount <= limits.trailerBytesMax, trailers.count < limits.trailerCountMax,
          let trailer = trailer(line)
        else { return .malformed }
        trailers.append(trailer)
      }
    }
  }

  private func trailer(_ line: ArraySlice<UInt8>) -> String? {
    let name = line.prefix { $0 != UInt8(ascii: ":") }
    guard !name.isEmpty, name.isOnly(ByteSet.token), name.endIndex < line.endIndex else {
      return nil
    }
    let value = line[(name.endIndex + 1)...].trimmed
    let forbidden: Set = ["content-length", "transfer-encoding", "host", "trailer"]
    guard value.allSatisfy(ByteSet.isFieldValue), !forbidden.contains(name.text.lowercased())
    else { return nil }
    return "\(name.text): \(value.text)"
  }
}
