import HTTP1

/// What a decoder says about a stream, adjacent pieces of content joined.
enum StreamEvent: Equatable {
  case head(String)
  case body([UInt8])
  case end(trailers: String)
  case error(HTTPProtocolError)
  /// How the stream ended when everything had been read; nil for cleanly.
  case finished(HTTPProtocolError?)
}

extension [StreamEvent] {
  mutating func append(body bytes: [UInt8]) {
    guard case .body(let before) = last else { return append(.body(bytes)) }
    self[count - 1] = .body(before + bytes)
  }
}

extension HeadFields {
  /// Every line, for comparison.
  var summary: String { all.map { "\($0.name): \($0.value)" }.joined(separator: "\n") }

  /// How many lines have the name, given in lower case.
  func count(_ name: String) -> Int { all.filter { $0.name.lowercased() == name }.count }

  /// The lines that do not frame the message or rule the connection, names in lower case.
  var ordinary: [String] {
    all.compactMap { field in
      let name = field.name.lowercased()
      return HeadFields.framing.contains(name) ? nil : "\(name): \(field.value)"
    }
  }

  static let framing: Set = ["connection", "content-length", "transfer-encoding"]
}

extension HTTPLimits {
  /// Limits near which random input comes.
  static func tight(_ generator: inout SeededGenerator) -> HTTPLimits {
    var limits = HTTPLimits()
    limits.requestLineBytesMax = generator.below(64)
    limits.fieldSectionBytesMax = generator.below(128)
    limits.fieldCountMax = generator.below(5)
    limits.bodyBytesMax = generator.below(32)
    limits.chunkExtensionBytesMax = generator.below(8)
    limits.trailerBytesMax = generator.below(40)
    limits.trailerCountMax = generator.below(3)
    limits.leadingEmptyLinesMax = generator.below(3)
    limits.interimResponsesMax = generator.below(3)
    return limits
  }

  /// Limits that a message written again stays within: text that was no UTF-8 grows.
  static var wide: HTTPLimits {
    var limits = HTTPLimits()
    limits.requestLineBytesMax = 1 << 20
    limits.fieldSectionBytesMax = 1 << 20
    limits.fieldCountMax = 1 << 10
    return limits
  }
}
