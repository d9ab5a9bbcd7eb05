/// The `tracestate` field (W3C Trace Context §3.3).
public enum TraceState {
  /// Members of a list.
  public static let membersMax = 32
  /// Characters that are passed on.
  public static let charactersMax = 512

  /// A field value made clean: without empty members and repeated keys, bounded in characters.
  /// - Returns: An empty text when a member is malformed or there are too many; `traceparent` holds
  ///   all the same.
  public static func normalize(_ text: String) -> String {
    var members: [Substring] = []
    var keys = Set<Substring>()
    for part in text[...].split(byte: UInt8(ascii: ",")) {
      let member = part.trimmed
      if member.isEmpty { continue }
      guard let separator = member.firstIndex(of: "="),
        isKey(member[..<separator]), isValue(member[member.index(after: separator)...])
      else { return "" }
      // Of several members with one key the first is the latest.
      if keys.insert(member[..<separator]).inserted { members.append(member) }
    }
    guard members.count <= membersMax else { return "" }
    return bounded(members).joined(separator: ",")
  }

  /// Whole members only; those of more than 128 characters go first.
  private static func bounded(_ members: [Substring]) -> [Substring] {
    func count(_ members: [Substring]) -> Int {
      members.reduce(members.count - 1) { $0 + $1.utf8.count }
    }
    var kept = members
    while count(kept) > charactersMax, let long = kept.lastIndex(where: { $0.utf8.count > 128 }) {
      kept.remove(at: long)
    }
    while count(kept) > charactersMax { kept.removeLast() }
    return kept
  }

  private static func isKey(_ key: Substring) -> Bool {
    guard let first = key.utf8.first, key.utf8.count <= 256 else { return false }
    let isFirst = (0x61...0x7A).contains(first) || (0x30...0x39).contains(first)
    return isFirst && key.utf8.allSatisfy { byte in
      switch byte {
      case 0x61...0x7A, 0x30...0x39: true
      case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"),
        UInt8(ascii: "@"):
        true
      default: false
      }
    }
  }

  private static func isValue(_ value: Substring) -> Bool {
    !value.isEmpty && value.utf8.count <= 256
      && value.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E && $0 != 0x2C && $0 != 0x3D }
  }
}
