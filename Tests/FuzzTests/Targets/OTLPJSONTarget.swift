import Bytes
import Foundation
import OTLP

/// What an OTLP receiver answers, in JSON.
enum OTLPJSONTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    guard let node = JSONNode(parsing: bytes) else {
      try require(!isAcceptable(bytes), "Foundation reads it")
      return
    }
    try require(depth(node) <= JSONNode.depthMax, "nested \(depth(node)) deep")
    var queue = ByteQueue()
    write(node, to: &queue)
    try requireEqual(JSONNode(parsing: queue.array()), node, "written and read")
    let success = PartialSuccess.decode(json: node)
    try require((success?.rejectedCount ?? 0) >= 0, "\(success?.rejectedCount ?? 0) rejected")
    for message in [success?.message ?? "", RPCStatus.decode(json: node).message] {
      try require(message.utf8.count <= PartialSuccess.messageBytesMax, "long message")
    }
  }

  /// Whether it is JSON to somebody else, and not deeper than we follow. Foundation takes more than
  /// JSON: a comma before the end of a list, and encodings other than UTF-8, all of which have
  /// zeros or a byte beyond ASCII at their front.
  private static func isAcceptable(_ bytes: [UInt8]) -> Bool {
    guard bytes.count < 64, let first = bytes.first, first < 0x80, !bytes.contains(0),
      bytes.filter({ $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }).count
        <= JSONNode.depthMax
    else { return false }
    let dense = bytes.filter { $0 > 0x20 }
    let isLax = zip(dense, dense.dropFirst()).contains {
      $0 == UInt8(ascii: ",") && ($1 == UInt8(ascii: "]") || $1 == UInt8(ascii: "}"))
    }
    if isLax { return false }
    let read = try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
    return read != nil
  }

  private static func depth(_ node: JSONNode) -> Int {
    switch node {
    case .object(let members): 1 + (members.values.map(depth).max() ?? 0)
    case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
    case .string, .number, .bool, .null: 0
    }
  }

  private static func write(_ node: JSONNode, to queue: inout ByteQueue) {
    switch node {
    case .object(let members):
      queue.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { queue.append(UInt8(ascii: ",")) }
        queue.append(json: member.key)
        queue.append(UInt8(ascii: ":"))
        write(member.value, to: &queue)
      }
      queue.append(UInt8(ascii: "}"))
    case .array(let elements):
      queue.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { queue.append(UInt8(ascii: ",")) }
        write(element, to: &queue)
      }
      queue.append(UInt8(ascii: "]"))
    case .string(let text): queue.append(json: text)
    case .number(let text): queue.append(text)
    case .bool(let flag): queue.append(json: flag)
    case .null: queue.append("null" as StaticString)
    }
  }
}
