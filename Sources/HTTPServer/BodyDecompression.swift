import Bytes
import Gzip
import HTTP1

/// Turns the pieces of a gzip member into pieces of what it holds. Used by one task.
final class BodyDecompression {
  private var decoder: GzipDecoder
  private var input = ByteQueue(capacity: 1024)

  /// Bytes that one piece has at most, however well it was compressed.
  private static let pieceBytes = 64 << 10

  init(_ limits: GzipLimits) { decoder = GzipDecoder(limits: limits) }

  /// Takes in what has arrived.
  func append(_ bytes: [UInt8]) { input.append(bytes) }

  /// The next piece of what was taken in; empty when more is needed.
  func next() throws(HTTPServerError) -> [UInt8] {
    var output = ByteQueue(capacity: 1024)
    do throws(GzipError) {
      _ = try decoder.decode(from: &input, into: &output, atMost: Self.pieceBytes)
    } catch {
      throw Self.refusal(error)
    }
    return output.array()
  }

  /// States that nothing more will come.
  func finish() throws(HTTPServerError) {
    do throws(GzipError) {
      try decoder.finish()
    } catch {
      throw Self.refusal(error)
    }
  }

  private static func refusal(_ error: GzipError) -> HTTPServerError {
    if case .tooLarge = error { return .protocolViolation(.contentTooLarge) }
    return .protocolViolation(.badContentCoding)
  }
}
