/// Reads variables by the rules of the OpenTelemetry specification ("Environment Variable
/// Specification", "Parsing empty value" and what follows): an empty one counts as unset, a bad one
/// leaves the default and a warning.
struct EnvironmentReader {
  private let environment: [String: String]
  private(set) var warnings: [ConfigurationWarning] = []

  init(_ environment: [String: String]) { self.environment = environment }

  func text(_ name: String) -> String? {
    guard let value = environment[name], !value.isEmpty else { return nil }
    return value
  }

  /// The first of `names` that is set.
  func first(_ names: [String]) -> (name: String, value: String)? {
    for name in names { if let value = text(name) { return (name, value) } }
    return nil
  }

  mutating func warn(_ variable: String, _ problem: String) {
    warnings.append(ConfigurationWarning(variable: variable, problem: problem))
  }

  /// Sets `target` to a whole number of at least `minimum`.
  mutating func integer(_ names: [String], minimum: Int, into target: inout Int) {
    guard let (name, value) = first(names) else { return }
    guard let number = Int(value), number >= minimum else {
      warn(name, "'\(value)' is not a whole number from \(minimum) on; using \(target)")
      return
    }
    target = number
  }

  mutating func optionalInteger(_ names: [String], into target: inout Int?) {
    guard first(names) != nil else { return }
    var number = target ?? -1
    integer(names, minimum: 0, into: &number)
    if number >= 0 { target = number }
  }

  /// Sets `target` to a number of milliseconds.
  mutating func milliseconds(_ names: [String], minimum: Int, into target: inout Duration) {
    guard let (name, value) = first(names) else { return }
    guard let number = Int(value), number >= minimum else {
      warn(name, "'\(value)' is not a number of milliseconds from \(minimum) on; using \(target)")
      return
    }
    target = .milliseconds(number)
  }

  /// As `milliseconds`; 0 means no limit.
  mutating func timeout(_ names: [String], into target: inout Duration?) {
    var duration = target ?? .zero
    milliseconds(names, minimum: 0, into: &duration)
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
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ names: [String], into target: inout Choice
  ) where Choice.RawValue == String {
    guard let (name, value) = first(names) else { return }
    guard let choice = Choice(rawValue: value.lowercased()) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      warn(name, "'\(value)' is none of \(known); using \(target.rawValue)")
      return
    }
    target = choice
  }

  /// Sets `target` to a comma-separated list of choices; `none` alone is the empty list. Unknown
  /// ones are left out, with a warning.
  mutating func list<Choice: RawRepresentable>(
    _ name: String, into target: inout [Choice]
  ) where Choice.RawValue == String, Choice: Equatable {
    guard let value = text(name) else { return }
    var choices: [Choice] = []
    var hasNone = false
    for part in value.split(separator: ",") {
      let word = part.trimmed.lowercased()
      if word == "none" {
        hasNone = true
      } else if let choice = Choice(rawValue: word) {
        if !choices.contains(choice) { choices.append(choice) }
      } else {
        warn(name, "'\(word)' is not known; left out")
      }
    }
    if hasNone || !choices.isEmpty { target = choices }
  }

  /// `name=value,name=value`, percent-decoded.
  /// - Returns: nil when it is malformed.
  static func pairs(_ text: String) -> [(name: String, value: String)]? {
    var pairs: [(String, String)] = []
    for part in text.split(separator: ",") {
      let word = part.trimmed
      if word.isEmpty { continue }
      guard let separator = word.firstIndex(of: "="), separator > word.startIndex,
        let name = PercentEncoding.decode(word[..<separator].trimmed),
        let value = PercentEncoding.decode(word[word.index(after: separator)...].trimmed)
      else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }
}
