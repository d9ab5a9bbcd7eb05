/// One variable of the environment: what an operator needs to know of it, and how it is read. The
/// reader and the table in `docs/telemetry-configuration.md` are made from the same declarations.
public struct EnvironmentVariable: Sendable {
  typealias Read = @Sendable (inout EnvironmentReader, inout TelemetryConfiguration) -> Void

  public let name: String
  /// What it may hold.
  public let values: String
  /// What holds when it is not set, as it would be written; empty for nothing.
  public let defaultText: String
  /// What it does.
  public let meaning: String
  let read: Read

  init(
    _ name: String, values: String, default defaultText: String, _ meaning: String,
    read: @escaping Read
  ) {
    self.name = name
    self.values = values
    self.defaultText = defaultText
    self.meaning = meaning
    self.read = read
  }

  /// A variable that sets one property or several, all of which have the same default.
  private init<Value>(
    _ name: String, values: String, _ paths: [SettingPath<Value>], _ meaning: String,
    write: (Value) -> String,
    into: @escaping @Sendable (inout EnvironmentReader, inout Value) -> Void
  ) {
    self.init(
      name, values: values, default: paths.first.map { write($0.standard) } ?? "", meaning
    ) { reader, configuration in
      var said: Int?
      for path in paths {
        var value = path.get(configuration)
        into(&reader, &value)
        path.set(&configuration, value)
        // What is wrong is said for the first property only.
        reader.keepWarnings(said ?? reader.warnings.count)
        said = reader.warnings.count
      }
    }
  }

  // MARK: Forms

  static func boolean(_ name: String, _ path: SettingPath<Bool>, _ meaning: String) -> Self {
    Self(name, values: "`true`, `false`", [path], meaning, write: { "\($0)" }) {
      $0.boolean(name, into: &$1)
    }
  }

  static func integer(
    _ name: String, _ paths: SettingPath<Int>..., minimum: Int, _ meaning: String
  ) -> Self {
    Self(
      name, values: "whole number from \(minimum) on", paths, meaning, write: { "\($0)" }
    ) {
      $0.integer(name, minimum: minimum, into: &$1)
    }
  }

  /// A number of at least 0 that may be absent.
  static func limit(
    _ name: String, _ paths: SettingPath<Int?>..., meaning: String
  ) -> Self {
    Self(
      name, values: "whole number from 0 on", paths, meaning,
      write: { $0.map { "\($0)" } ?? "" }
    ) {
      $0.limit(name, into: &$1)
    }
  }

  static func milliseconds(
    _ name: String, _ path: SettingPath<Duration>, minimum: Int, _ meaning: String
  ) -> Self {
    Self(
      name, values: "milliseconds from \(minimum) on", [path], meaning,
      write: { "\($0.milliseconds)" }
    ) {
      $0.milliseconds(name, minimum: minimum, into: &$1)
    }
  }

  /// Milliseconds, 0 for no limit.
  static func timeout(
    _ name: String, _ paths: [SettingPath<Duration?>], _ meaning: String
  ) -> Self {
    Self(
      name, values: "milliseconds, 0 for no limit", paths, meaning,
      write: { "\($0?.milliseconds ?? 0)" }
    ) {
      $0.timeout(name, into: &$1)
    }
  }

  static func choice<Choice: EnvironmentChoice>(
    _ name: String, _ paths: [SettingPath<Choice>], _ meaning: String
  ) -> Self {
    Self(name, values: Choice.quotedNames, paths, meaning, write: \.rawValue) {
      $0.choice(name, into: &$1)
    }
  }

  /// Several choices, or `none`.
  static func list<Choice: EnvironmentChoice>(
    _ name: String, _ path: SettingPath<[Choice]>, _ meaning: String
  ) -> Self {
    Self(
      name, values: "list of \(Choice.quotedNames), or `none`", [path], meaning,
      write: { $0.map(\.rawValue).joined(separator: ",") }
    ) {
      $0.list(name, into: &$1)
    }
  }

  static func file(
    _ name: String, _ paths: [SettingPath<String?>], _ meaning: String
  ) -> Self {
    Self(name, values: "path", paths, meaning, write: { $0 ?? "" }) { reader, value in
      value = reader.text(name) ?? value
    }
  }
}

extension EnvironmentChoice {
  fileprivate static var quotedNames: String {
    allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
  }
}
