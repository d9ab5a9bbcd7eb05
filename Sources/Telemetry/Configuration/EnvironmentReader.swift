/// Reads variables by the rules of the OpenTelemetry specification ("Environment Variable
/// Specification", "Parsing empty value" and what follows): an empty one counts as unset, a bad one
/// changes nothing and leaves a warning.
struct EnvironmentReader {
  private let environment: [String: String]
  private(set) var warnings: [ConfigurationWarning] = []

  init(_ environment: [String: String]) { self.environment = environment }

  func text(_ name: String) -> String? {
    guard let value = environment[name], !value.isEmpty else { return nil }
    return value
  }

  mutating func warn(_ variable: String, _ problem: String) {
    warnings.append(ConfigurationWarning(variable: variable, problem: problem))
  }

  /// Forgets the warnings behind the first `count`.
  mutating func keepWarnings(_ count: Int) {
    if warnings.count > count { warnings.removeLast(warnings.count - count) }
  }

  /// Sets `target` to a whole number of at least `minimum`.
  mutating func integer(_ name: String, minimum: Int, into target: inout Int) {
    guard let value = text(name) else { return }
    if let number = Self.wholeNumber(value), number >= minimum {
      target = number
    } else {
      warn(name, "'\(value)' is not a whole number from \(minimum) on; using \(target)")
    }
  }

  /// Sets `target` to a whole number of at least 0.
  mutating func limit(_ name: String, into target: inout Int?) {
    guard let value = text(name) else { return }
    if let number = Self.wholeNumber(value) {
      target = number
    } else {
      let used = target.map { "\($0)" } ?? "no limit"
      warn(name, "'\(value)' is not a whole number from 0 on; using \(used)")
    }
  }

  /// Sets `target` to a number of milliseconds.
  mutating func milliseconds(_ name: String, minimum: Int, into target: inout Duration) {
    guard let value = text(name) else { return }
    if let number = Self.wholeNumber(value), number >= minimum {
      target = .milliseconds(number)
    } else {
      warn(
        name, "'\(value)' is not a number of milliseconds from \(minimum) on; "
          + "using \(target.milliseconds)")
    }
  }

  /// As `milliseconds`; 0 means no limit.
  mutating func timeout(_ name: String, into target: inout Duration?) {
    var duration = target ?? .zero
    milliseconds(name, minimum: 0, into: &duration)
    target = duration == .zero ? nil : duration
  }

  /// Sets `target` to true for `true` in any case; anything else is false.
  mutating func boolean(_ name: String, into target: inout Bool) {
    guard let value = text(name) else { return }
    target = value.lowercased() == "true"
    if !target, value.lowercased() != "false" {
      warn(name, "'\(value)' is neither true nor false; using false")
    }
  }

  /// Sets `target` to the choice called so, in any case.
  mutating func choice<Choice: EnvironmentChoice>(_ name: String, into target: inout Choice) {
    guard let value = text(name) else { return }
    if let choice = Choice(rawValue: value.lowercased()) {
      target = choice
    } else {
      warn(name, "'\(value)' is none of \(Choice.names); using \(target.rawValue)")
    }
  }

  /// Sets `target` to a comma-separated list of choices, each once; `none` alone is the empty list.
  /// Unknown ones are left out, with a warning.
  mutating func list<Choice: EnvironmentChoice>(_ name: String, into target: inout [Choice]) {
    guard let value = text(name) else { return }
    var choices: [Choice] = []
    var hasNone = false
    for part in value[...].split(byte: UInt8(ascii: ",")) {
      let word = part.trimmed.lowercased()
      if word.isEmpty { continue }
      if word == "none" {
        hasNone = true
      } else if let choice = Choice(rawValue: word) {
        if !choices.contains(choice) { choices.append(choice) }
      } else {
        warn(name, "'\(word)' is none of none, \(Choice.names); left out")
      }
    }
    if hasNone, !choices.isEmpty { warn(name, "'none' stands beside others; left out") }
    if hasNone || !choices.isEmpty { target = choices }
  }

  /// `name=value,name=value`, percent-decoded, in order; one malformed pair spoils them all.
  mutating func pairs(_ name: String) -> [(name: String, value: String)] {
    guard let text = text(name) else { return [] }
    guard let pairs = Self.pairs(text) else {
      // It may hold secrets, so it is not shown.
      warn(name, "is no list of name=value; all of it is left out")
      return []
    }
    return pairs
  }

  private static func pairs(_ text: String) -> [(name: String, value: String)]? {
    var pairs: [(String, String)] = []
    for part in text[...].split(byte: UInt8(ascii: ",")) {
      let part = part.trimmed
      if part.isEmpty { continue }
      guard let separator = part.utf8.firstIndex(of: UInt8(ascii: "=")),
        let name = part[..<separator].trimmed.percentDecoded, !name.isEmpty,
        let value = part[part.utf8.index(after: separator)...].trimmed.percentDecoded
      else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }

  /// Digits only: no sign, no blanks.
  private static func wholeNumber(_ text: String) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }
}

/// A value that is chosen by its name.
protocol EnvironmentChoice: RawRepresentable<String>, CaseIterable, Equatable, Sendable {}

extension EnvironmentChoice {
  /// All names, for people.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
  }
}
