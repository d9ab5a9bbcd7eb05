import Bytes
import OTLP

/// What an OTLP receiver answers, in protobuf.
enum OTLPResponseTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    if let fields = fields(bytes) {
      try requireEqual(self.fields(write(fields)), fields, "fields written and read")
    }
    try checkPartialSuccess(bytes)
    if let status = status(bytes) {
      try require(status.message.utf8.count <= PartialSuccess.messageBytesMax, "long message")
      var queue = ByteQueue()
      queue.append(field: 1, int: Int64(status.code))
      queue.append(field: 2, string: status.message)
      try requireEqual(self.status(queue.array()), status, "status written and read")
      try requireEqual(self.status(bytes + bytes), status, "status twice")
    }
  }

  private static func checkPartialSuccess(_ bytes: [UInt8]) throws(BrokenInvariant) {
    guard let found = partialSuccess(bytes) else { return }
    // A field that a later version may have.
    var later = ByteQueue()
    later.append(bytes)
    later.append(field: 15, string: "later")
    try requireEqual(partialSuccess(later.array()), found, "with an unknown field")
    try requireEqual(partialSuccess(bytes + bytes), found, "twice")
    guard let success = found else { return }
    try require(success.rejectedCount >= 0, "\(success.rejectedCount) rejected")
    try require(success.message.utf8.count <= PartialSuccess.messageBytesMax, "long message")
    var queue = ByteQueue()
    queue.append(field: 1) { (queue: inout ByteQueue) in
      queue.append(field: 1, int: Int64(success.rejectedCount))
      queue.append(field: 2, string: success.message)
    }
    try requireEqual(partialSuccess(queue.array()), found, "written and read")
  }

  /// nil when it is malformed.
  private static func partialSuccess(_ bytes: [UInt8]) -> PartialSuccess?? {
    do { return .some(try PartialSuccess.decode(response: bytes)) } catch { return nil }
  }

  private static func status(_ bytes: [UInt8]) -> RPCStatus? {
    try? RPCStatus.decode(bytes)
  }

  private struct Field: Equatable {
    enum Value: Equatable {
      case varint(UInt64), fixed64(UInt64), fixed32(UInt32), bytes([UInt8])
    }

    var number: Int
    var value: Value
  }

  private static func fields(_ bytes: [UInt8]) -> [Field]? {
    var reader = ProtobufReader(bytes[...])
    var fields: [Field] = []
    do throws(ProtobufReader.Malformed) {
      while let (number, value) = try reader.next() {
        let value: Field.Value =
          switch value {
          case .varint(let number): .varint(number)
          case .fixed64(let number): .fixed64(number)
          case .fixed32(let number): .fixed32(number)
          case .bytes(let bytes): .bytes(Array(bytes))
          }
        fields.append(Field(number: Int(number), value: value))
      }
    } catch {
      return nil
    }
    return fields
  }

  private static func write(_ fields: [Field]) -> [UInt8] {
    var queue = ByteQueue()
    for field in fields {
      switch field.value {
      case .varint(let number): queue.append(field: field.number, varint: number)
      case .fixed64(let number): queue.append(field: field.number, fixed64: number)
      case .fixed32(let number): queue.append(field: field.number, fixed32: number)
      case .bytes(let bytes): queue.append(field: field.number, bytes: bytes)
      }
    }
    return queue.array()
  }
}
