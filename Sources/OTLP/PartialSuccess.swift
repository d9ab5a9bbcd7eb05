/// What a receiver did not take of a request it answered with success (opentelemetry-proto
/// `Export…PartialSuccess`; the three signals number its fields alike).
package struct PartialSuccess: Sendable, Equatable {
  /// How many spans, data points or log records were rejected; never negative.
  package let rejectedCount: Int
  /// Why, or a warning when nothing was rejected. At most ``messageBytesMax`` bytes.
  package let message: String

  /// Bytes that are kept of a receiver's message.
  package static let messageBytesMax = 1_024

  package init(rejectedCount: Int, message: String) {
    self.rejectedCount = rejectedCount
    self.message = message
  }

  /// Reads the `partial_success` of an `Export…ServiceResponse`.
  /// - Returns: nil when there is none, or when it is there and says nothing: some receivers send
  ///   it empty on full success.
  package static func decode(
    response: [UInt8]
  ) throws(ProtobufReader.Malformed) -> PartialSuccess? {
    var rejected = 0
    var message = ""
    var reader = ProtobufReader(response[...])
    while let (field, value) = try reader.next() {
      guard field == 1, case .bytes(let content) = value else { continue }
      var inner = ProtobufReader(content)
      while let (field, value) = try inner.next() {
        switch (field, value) {
        case (1, .varint(let count)): rejected = max(0, Int(truncatingIfNeeded: count))
        case (2, .bytes(let text)): message = decodeText(text)
        default: break
        }
      }
    }
    return said(rejected, message)
  }

  /// Reads the same in JSON.
  package static func decode(json: JSONNode) -> PartialSuccess? {
    let partial = json["partialSuccess"]
    let rejected = ["rejectedSpans", "rejectedDataPoints", "rejectedLogRecords"]
      .compactMap { partial[$0].integer }.first ?? 0
    return said(max(0, rejected), decodeText(Array((partial["errorMessage"].string ?? "").utf8)[...]))
  }

  private static func said(_ rejected: Int, _ message: String) -> PartialSuccess? {
    guard rejected > 0 || !message.isEmpty else { return nil }
    return PartialSuccess(rejectedCount: rejected, message: message)
  }

  /// UTF-8 of at most ``messageBytesMax`` bytes, repaired where it is none.
  static func decodeText(_ bytes: ArraySlice<UInt8>) -> String {
    var text = String(decoding: bytes.prefix(messageBytesMax), as: UTF8.self)
    // A byte that is repaired becomes three.
    while text.utf8.count > messageBytesMax { text.removeLast() }
    return text
  }
}
