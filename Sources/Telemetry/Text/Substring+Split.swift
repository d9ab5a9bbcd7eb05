extension Substring {
  /// The parts between separators, which are found byte by byte: to a split by characters, a comma
  /// that a combining character follows is no comma.
  /// - Parameter separator: ASCII.
  func split(byte separator: UInt8, keepsEmpty: Bool = false) -> [Substring] {
    utf8.split(separator: separator, omittingEmptySubsequences: !keepsEmpty).map(Substring.init)
  }
}
