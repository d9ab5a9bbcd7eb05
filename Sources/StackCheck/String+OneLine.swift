extension String {
  /// Characters of an answer that are quoted.
  static let quotedCharactersMax = 160

  /// A text from outside in one line, with nothing that a terminal would obey, and not long.
  init(oneLine text: String) {
    let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: " "
      default: scalar
      }
    }
    let line = String(String.UnicodeScalarView(scalars))
    let words = line.split(separator: " ").joined(separator: " ")
    self =
      words.count > Self.quotedCharactersMax
      ? "\(words.prefix(Self.quotedCharactersMax))…" : words
  }
}
