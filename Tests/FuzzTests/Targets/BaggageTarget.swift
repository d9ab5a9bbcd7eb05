import Telemetry

/// Baggage: bounded, the same when it is passed on, and any value survives.
enum BaggageTarget {
  private static let fieldOctets = ByteSet.visible.subtracting("\"\\")
  private static let valueOctets = ByteSet.visible.subtracting("\",;\\")

  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let text = bytes.text
    let baggage = Baggage(parsing: text)
    try checkBounds(baggage)
    try requireEqual(Baggage(parsing: baggage.text), baggage, "passed on")
    let members = baggage.members
    try requireEqual(members.map(\.text).joined(separator: ","), baggage.text, "members")
    for member in members {
      try require(member.name.utf8.isOnly(ByteSet.token), "name \(member.name)")
    }
    if let last = members.last {
      try requireEqual(baggage[last.name], last.value, "value of \(last.name)")
    }
    if bytes.count <= 1_000 { try requireEqual(baggage.text, expected(bytes), "by the plain rule") }
    try checkSetting(baggage, text)
  }

  private static func checkBounds(_ baggage: Baggage) throws(BrokenInvariant) {
    try require(baggage.text.utf8.count <= Baggage.bytesMax, "\(baggage.text.utf8.count) bytes")
    let count = baggage.text.utf8.split(separator: UInt8(ascii: ",")).count
    try require(count <= Baggage.membersMax, "\(count) members")
    try require(baggage.text.utf8.isOnly(fieldOctets), "bytes of \(baggage.text)")
  }

  private static func checkSetting(
    _ baggage: Baggage, _ value: String
  ) throws(BrokenInvariant) {
    var changed = baggage
    guard changed.set("key", to: value) else { return }
    try checkBounds(changed)
    try requireEqual(changed["key"], value, "what was set")
    try requireEqual(Baggage(parsing: changed.text), changed, "set and passed on")
    changed.remove("key")
    try requireEqual(
      changed.members, baggage.members.filter { $0.name != "key" }, "the others")
    try require(!changed.set(value, to: "v") || value.utf8.isOnly(ByteSet.token), "name \(value)")
  }

  /// The valid members in order, of several with one name the last, in the place of the first.
  private static func expected(_ bytes: [UInt8]) -> String {
    var names: [[UInt8]] = []
    var texts: [[UInt8]: [UInt8]] = [:]
    for part in bytes.split(separator: UInt8(ascii: ",")) {
      let pieces = part.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      let pairs = pieces.enumerated().map { pair($1, needsValue: $0 == 0) }
      guard !pairs.isEmpty, !pairs.contains(nil) else { continue }
      let text = Array(pairs.compactMap(\.self).joined(separator: [UInt8(ascii: ";")]))
      let name = Array(text.prefix { $0 != UInt8(ascii: "=") })
      if texts.updateValue(text, forKey: name) == nil { names.append(name) }
    }
    return names.prefix(Baggage.membersMax).compactMap { texts[$0]?.text }.joined(separator: ",")
  }

  /// `name=value` without its blanks.
  private static func pair(_ piece: ArraySlice<UInt8>, needsValue: Bool) -> [UInt8]? {
    let name = piece.prefix { $0 != UInt8(ascii: "=") }
    let value = piece[name.endIndex...]
    guard !name.trimmed.isEmpty, name.trimmed.isOnly(ByteSet.token) else { return nil }
    guard !value.isEmpty else { return needsValue ? nil : Array(name.trimmed) }
    let content = value.dropFirst().trimmed
    return content.isOnly(valueOctets) ? name.trimmed + [UInt8(ascii: "=")] + content : nil
  }
}
