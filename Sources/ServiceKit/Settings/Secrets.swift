/// Keeps secrets out of what is shown of the settings.
enum Secrets {
  /// What stands for a secret.
  static let mask = "***"

  /// The text of a variable with what may be a secret replaced: the values of header lists, and the
  /// user information of URLs.
  static func hide(in text: String, of name: String) -> String {
    guard name.hasSuffix("_HEADERS") else { return hide(in: text) }
    return text.split(separator: ",", omittingEmptySubsequences: false).map { pair in
      // What has no name may be a secret as a whole.
      guard let separator = pair.firstIndex(of: "=") else { return mask }
      return pair[...separator] + mask
    }.joined(separator: ",")
  }

  /// `text` without the user information of the URLs in it (RFC 3986 §3.2.1).
  static func hide(in text: String) -> String {
    var shown = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "://") {
      shown += rest[..<start.upperBound]
      rest = rest[start.upperBound...]
      let authority = rest.prefix { !"/?# '".contains($0) }
      guard let at = authority.lastIndex(of: "@") else { continue }
      shown += mask
      rest = rest[at...]
    }
    return shown + rest
  }
}
