/// The body of an OTLP error response (`google.rpc.Status`). The code is for people only; what to do
/// next follows from the HTTP status.
package struct RPCStatus: Sendable, Equatable {
  package let code: Int
  /// At most ``PartialSuccess/messageBytesMax`` bytes.
  package let message: String

  package init(code: Int, message: String) {
    self.code = code
    self.message = message
  }

  /// Reads the same in JSON.
  package static func decode(json: JSONNode) -> RPCStatus {
    let message = PartialSuccess.decodeText(Array((json["message"].string ?? "").utf8)[...])
    return RPCStatus(code: json["code"].integer ?? 0, message: message)
  }

  package static func decode(_ bytes: [UInt8]) throws(ProtobufReader.Malformed) -> RPCStatus {
    var code = 0
    var message = ""
    var reader = ProtobufReader(bytes[...])
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (1, .varint(let number)): code = Int(truncatingIfNeeded: number)
      case (2, .bytes(let text)): message = PartialSuccess.decodeText(text)
      default: break
      }
    }
    return RPCStatus(code: code, message: message)
  }
}
