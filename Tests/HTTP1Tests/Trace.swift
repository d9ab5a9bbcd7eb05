import Bytes
import HTTP1

/// What a decoder said about a stream, adjacent pieces of content joined, so that two runs over
/// differently cut bytes can be compared.
enum Trace: Equatable, CustomStringConvertible {
  case head(String)
  case body([UInt8])
  case end(trailers: String)
  case error(HTTPProtocolError)
  /// How the stream ended after everything was read.
  case finished(HTTPProtocolError?)

  var description: String {
    switch self {
    case .head(let text): "head(\(text))"
    case .body(let bytes): "body(\(String(decoding: bytes, as: UTF8.self)))"
    case .end(let trailers): "end(\(trailers))"
    case .error(let error): "error(\(error))"
    case .finished(let error): "finished(\(error.map { "\($0)" } ?? "clean"))"
    }
  }
}

extension [Trace] {
  mutating func append(body bytes: [UInt8]) {
    if case .body(let before) = last {
      self[count - 1] = .body(before + bytes)
    } else {
      append(.body(bytes))
    }
  }

  var error: HTTPProtocolError? {
    for case .error(let error) in self { return error }
    return nil
  }

  var heads: [String] { compactMap { if case .head(let text) = $0 { text } else { nil } } }
}

func describe(_ fields: HeadFields?) -> String {
  fields.map { $0.all.map { "\($0.name)=\($0.value)" }.joined(separator: "&") } ?? ""
}

/// Ways to cut a stream.
enum Cut {
  /// Pieces of these sizes in turn; the last one is repeated.
  static func pieces(_ bytes: [UInt8], sizes: [Int]) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let size = max(sizes[Swift.min(pieces.count, sizes.count - 1)], 1)
      let end = Swift.min(start + size, bytes.count)
      pieces.append(bytes[start..<end])
      start = end
    }
    return pieces
  }

  /// Whole, byte by byte, and in two at every position.
  static func all(_ bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
    var cuts = [[bytes[...]], pieces(bytes, sizes: [1])]
    for position in stride(from: 1, to: bytes.count, by: 1) {
      cuts.append([bytes[..<position], bytes[position...]])
    }
    return cuts
  }
}
