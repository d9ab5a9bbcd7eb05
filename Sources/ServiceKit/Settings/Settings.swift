import HTTPClient
import Synchronization
import Telemetry

/// The environment's variables as settings. An empty variable counts as unset. What has been read
/// is kept, for those who ask what a service runs with.
package final class Settings: Sendable {
  let environment: [String: String]
  private let reports = Mutex<[SettingReport]>([])

  package init(environment: [String: String]) { self.environment = environment }

  /// Every setting that has been read, in the order of reading, each once.
  package var read: [SettingReport] { reports.withLock { $0 } }

  /// - Parameter alias: Another name that the variable may have, where it is not set by its own.
  /// - Throws: `SettingError` for text that cannot be a value.
  package func value<Value>(
    _ setting: Setting<Value>, alias: String? = nil
  ) throws(SettingError) -> Value {
    let text = self.text(setting.name) ?? alias.flatMap { self.text($0) }
    reports.withLock { reports in
      guard !reports.contains(where: { $0.name == setting.name }) else { return }
      reports.append(
        SettingReport(
          name: setting.name, defaultText: setting.defaultText,
          text: text.map(setting.shown),
          meaning: setting.meaning))
    }
    guard let text else { return setting.fallback }
    guard let value = setting.parse(text) else {
      let shown = Secrets.hide(in: setting.shown(text))
      throw SettingError(setting.name, "'\(shown)' \(setting.complaint)")
    }
    return value
  }

  /// What the environment says of a variable of the telemetry.
  func report(_ variable: EnvironmentVariable) -> SettingReport {
    SettingReport(
      name: variable.name, defaultText: variable.defaultText, text: text(variable.name),
      meaning: variable.meaning)
  }

  /// A line for each variable that nobody reads and whose name is nearly that of one that is read,
  /// or that the telemetry reads.
  package var nearMisses: [String] {
    let known =
      read.map(\.name) + EnvironmentVariable.all.map(\.name) + HTTPProxies.knownVariables
    return NearMiss.find(in: environment.keys, known: known).map { name, guess in
      "\(name): no such setting; did you mean \(guess)?"
    }
  }

  private func text(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
