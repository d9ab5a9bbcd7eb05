package import HTTPClient

/// One setting: the environment variable that holds it, what it means, and how its text becomes a
/// value. The documentation's tables are made from these declarations.
package struct Setting<Value: Sendable>: Sendable {
  package let name: String
  /// The default as the documentation writes it.
  package let defaultText: String
  /// What it does, with its unit.
  package let meaning: String
  let fallback: Value
  /// The value, or nil for text that cannot be one.
  let parse: @Sendable (String) -> Value?
  /// What is wrong with a text that cannot be one, behind the text itself.
  let complaint: String
  /// A text as it may be shown: without what is secret in it.
  let shown: @Sendable (String) -> String

  package init(
    _ name: String, default fallback: Value, defaultText: String, complaint: String,
    meaning: String, shown: @escaping @Sendable (String) -> String = { $0 },
    parse: @escaping @Sendable (String) -> Value?
  ) {
    self.name = name
    self.fallback = fallback
    self.defaultText = defaultText
    self.complaint = complaint
    self.meaning = meaning
    self.shown = shown
    self.parse = parse
  }
}

extension Setting where Value == String {
  package static func string(
    _ name: String, default fallback: String, _ meaning: String
  ) -> Self {
    Self(
      name, default: fallback, defaultText: fallback, complaint: "cannot be used",
      meaning: meaning
    ) { $0 }
  }
}

extension Setting where Value == Int {
  package static func integer(
    _ name: String, default fallback: Int, in range: ClosedRange<Int>,
    defaultText: String? = nil, _ meaning: String
  ) -> Self {
    Self(
      name, default: fallback, defaultText: defaultText ?? "\(fallback)",
      complaint: "is not a whole number from \(range.lowerBound) to \(range.upperBound)",
      meaning: meaning
    ) { text in
      guard let value = Int(text), range.contains(value) else { return nil }
      return value
    }
  }
}

extension Setting where Value == Duration {
  /// A duration, written as a whole number of milliseconds.
  package static func milliseconds(
    _ name: String, default fallback: Int, in range: ClosedRange<Int> = 1...3_600_000,
    _ meaning: String
  ) -> Self {
    let number = Setting<Int>.integer(name, default: fallback, in: range, meaning)
    return Self(
      name, default: .milliseconds(fallback), defaultText: number.defaultText,
      complaint: number.complaint, meaning: meaning
    ) { text in
      number.parse(text).map { .milliseconds($0) }
    }
  }
}

extension Setting where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the values' names, whatever its case.
  package static func choice(
    _ name: String, default fallback: Value, _ meaning: String
  ) -> Self {
    let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
    return Self(
      name, default: fallback, defaultText: fallback.rawValue, complaint: "is not one of \(known)",
      meaning: meaning
    ) { text in Value(rawValue: text.lowercased()) }
  }
}

extension Setting where Value == HTTPURL {
  /// An absolute http URL.
  package static func url(_ name: String, default fallback: HTTPURL, _ meaning: String) -> Self {
    Self(
      name, default: fallback, defaultText: fallback.origin,
      complaint: "is not a URL such as \(fallback.origin)", meaning: meaning
    ) { HTTPURL($0) }
  }
}

extension Setting where Value == HTTPURL? {
  /// An absolute http URL, or nothing.
  package static func optionalURL(_ name: String, example: String, _ meaning: String) -> Self {
    Self(
      name, default: nil, defaultText: "", complaint: "is not a URL such as \(example)",
      meaning: meaning
    ) { text in HTTPURL(text).map { .some($0) } }
  }
}
