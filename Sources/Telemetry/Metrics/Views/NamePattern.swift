/// A name with wildcards: `*` stands for any characters or none, `?` for exactly one. Case does not
/// matter, as in names of instruments.
struct NamePattern: Sendable {
  private let pattern: [UInt8]

  init(_ text: String) { pattern = Array(text.lowercased().utf8) }

  /// Whether it can stand for more than one name.
  var hasWildcard: Bool {
    pattern.contains(UInt8(ascii: "*")) || pattern.contains(UInt8(ascii: "?"))
  }

  func matches(_ name: String) -> Bool {
    let name = Array(name.lowercased().utf8)
    var (at, inName) = (0, 0)
    // Where to go on when the last `*` has to stand for one character more.
    var retry: (at: Int, inName: Int)?
    while inName < name.count {
      if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
        at += 1
        retry = (at, inName)
      } else if at < pattern.count,
        pattern[at] == name[inName] || pattern[at] == UInt8(ascii: "?")
      {
        at += 1
        inName += 1
      } else if let (star, start) = retry {
        at = star
        inName = start + 1
        retry = (star, start + 1)
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
